// Finds the hosts that the environment exempts from its proxy.
#pragma once

#include <string_view>

#include "http/client/url.hpp"

namespace okg::http {

/// True when the entry stands for the URL's host: "*", a name,
/// also for its subdomains, an address, or "10.0.0.0/8".
/// The port of "name:8080" has to be the URL's.
/// libcurl knows no ports and not every IPv6 network.
/// @source golang.org/x/net/http/httpproxy
[[nodiscard]] bool stands_for(std::string_view entry, const Url& url);

/// True when no_proxy of the environment, or else
/// NO_PROXY, has an entry for its host.
[[nodiscard]] bool is_reached_directly(const Url& url);

}  // namespace okg::http
