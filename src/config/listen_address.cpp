#include "config/listen_address.hpp"
#include "base/text.hpp"

#include <arpa/inet.h>

#include <array>
#include <cstddef>

namespace okg::config {
namespace {

bool is_literal(int family, const std::string& host) {
  std::array<std::byte, sizeof(in6_addr)> address{};
  if (host.find('\0') != std::string::npos)
    return false;  // what stands behind it would not be looked at
  return ::inet_pton(family, host.c_str(), address.data()) == 1;
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto malformed = [&](std::string_view why) {
    return fail(ErrorCode::kInvalid, "'", text, "' is not an address to listen on: ", why,
                "; write it like 5000, 127.0.0.1:5000 or [::]:5000");
  };
  const auto colon = text.rfind(':');
  const auto host = colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
  const auto digits = colon == std::string_view::npos ? text : text.substr(colon + 1);

  ListenAddress address;
  if (host.starts_with('[') && host.ends_with(']')) {
    address.host = host.substr(1, host.size() - 2);
    if (!is_literal(AF_INET6, address.host))
      return malformed("no IPv6 address stands between the brackets");
  } else {
    address.host = host;
    if (is_literal(AF_INET6, address.host)) return malformed("an IPv6 address stands in brackets");
    if (!host.empty() && !is_literal(AF_INET, address.host))
      return malformed("the host must be an IP address");
  }
  const auto port = parse_whole<std::uint16_t>(digits);
  if (!port) return malformed("the port must be a number from 0 to 65535");
  address.port = *port;
  return address;
}

}  // namespace okg::config
