// Keeps out requests that a web page has a browser
// send: the page of another site is no caller.
#pragma once

#include <optional>

#include "http/server/router.hpp"

namespace okg::auth {

/// 403 for a request that a page of another site made; nothing for all others.
/// Clients that are no browsers send neither Origin nor Sec-Fetch-Site. A link
/// to something that is only read may be followed from anywhere.
/// @source https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
[[nodiscard]] std::optional<http::ServerResponse> refuse_cross_site(const http::ServerRequest& head,
                                                                    http::Access access);

}  // namespace okg::auth
