// HOST or HOST:PORT: what a request says that it
// is for, and where a browser's page comes from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace okg::http {

struct Authority {
  std::string host;  ///< lower case, without brackets and the dot of a full name; may be empty
  std::optional<std::uint16_t> port;
  bool operator==(const Authority&) const = default;
};

/// "a", "a:5000", "10.0.0.1", "[::1]:5000", "". Nothing for all else, user@host among it.
/// @source RFC 3986, section 3.2; RFC 9110, section 7.2
[[nodiscard]] std::optional<Authority> parse_authority(std::string_view text);

/// The host as a URL has it: an IPv6 address gets its brackets unless it has them.
[[nodiscard]] std::string url_host(const std::string& host);

/// True for an IPv4 address in four parts and for an IPv6 address.
[[nodiscard]] bool is_ip_address(const std::string& host);

}  // namespace okg::http
