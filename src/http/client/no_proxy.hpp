// What the environment says is reached without a proxy.
#pragma once

#include <string_view>

#include "http/client/url.hpp"

namespace okg::http {

/// Whether the entry stands for the URL's host: "*", a name,
/// also for its subdomains, an address, or "10.0.0.0/8".
/// The port of "name:8080" has to be the URL's.
/// libcurl knows no ports and not every IPv6 network.
/// @source golang.org/x/net/http/httpproxy
[[nodiscard]] bool stands_for(std::string_view entry, const Url& url);

/// Whether no_proxy of the environment, or else
/// NO_PROXY, has an entry that stands for it.
[[nodiscard]] bool is_reached_directly(const Url& url);

}  // namespace okg::http
