#include "auth/cross_site.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace okg::auth {
namespace {

/// The port where none is written.
std::uint16_t port_of(const http::Authority& authority, bool is_tls) {
  return authority.port.value_or(is_tls ? 443 : 80);
}

/// True when the request went to "https://host:port". A proxy may have taken off TLS.
bool is_own(std::string_view origin, const http::Authority& own) {
  const bool is_tls = origin.starts_with("https://");
  if (!is_tls && !origin.starts_with("http://")) return false;
  const auto theirs = http::parse_authority(origin.substr(origin.find("://") + 3));
  return theirs && !theirs->host.empty() && theirs->host == own.host &&
         port_of(*theirs, is_tls) == port_of(own, is_tls);
}

/// Every one of them: a second line would not hide the first.
bool all_of(const http::ServerRequest& head, std::string_view name, auto&& holds) {
  return std::ranges::all_of(head.headers, [&](const auto& each) {
    return !equals_ignoring_case(each.name, name) || holds(std::string_view(each.value));
  });
}

/// A page that somebody opens in a window of its own.
bool is_opened(const http::ServerRequest& head) {
  const auto is = [&](std::string_view name, std::string_view value) {
    const auto* given = http::find_header(head.headers, name);
    return given != nullptr && *given == value;
  };
  return is("Sec-Fetch-Mode", "navigate") && is("Sec-Fetch-Dest", "document");
}

bool is_change(const http::ServerRequest& head, http::Access access) {
  return access == http::Access::kUpdate || head.method != "GET";
}

}  // namespace

std::optional<http::ServerResponse> refuse_cross_site(const http::ServerRequest& head,
                                                      http::Access access) {
  const bool has_own_origin =
      all_of(head, "Origin", [&](auto origin) { return is_own(origin, head.authority); });
  const bool is_same_site = all_of(
      head, "Sec-Fetch-Site", [](auto site) { return site == "same-origin" || site == "none"; });
  if (has_own_origin && is_same_site) return std::nullopt;
  if (has_own_origin && !is_change(head, access) && is_opened(head)) return std::nullopt;
  return http::refusal(403,
                       "a browser sent this for the page of another site, which may not call the "
                       "sidecar; send it with curl, or from a page of " +
                           head.authority.host + " itself",
                       Reason::kCrossSite);
}

}  // namespace okg::auth
