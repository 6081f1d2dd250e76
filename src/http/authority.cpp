#include "http/authority.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.hpp"

namespace okg::http {
namespace {

bool is_address(int family, const std::string& host) {
  std::array<std::byte, sizeof(in6_addr)> address{};
  if (host.find('\0') != std::string::npos) return false;
  return ::inet_pton(family, host.c_str(), address.data()) == 1;
}

/// Letters, digits, and what a registered name may
/// hold besides. @source RFC 3986, section 3.2.2
bool is_name(std::string_view host) { return has_only_alphanumeric_or("-._~%!$&'()*+,;=", host); }

/// Where the host ends and the colon of the port is, or the text ends.
std::size_t end_of_host(std::string_view text) {
  if (!text.starts_with('[')) return std::min(text.find(':'), text.size());
  const auto bracket = text.find(']');
  return bracket == std::string_view::npos ? text.size() : bracket + 1;
}

/// A port may be left empty behind its colon. False when there is no number.
bool read_port(std::string_view text, Authority& authority) {
  if (text.empty() || text == ":") return true;
  if (!text.starts_with(':')) return false;
  authority.port = parse_whole<std::uint16_t>(text.substr(1));
  return authority.port.has_value();
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
  Authority authority;
  const auto end = end_of_host(text);
  if (!read_port(text.substr(end), authority)) return std::nullopt;
  authority.host = to_lower(text.substr(0, end));
  auto& host = authority.host;
  if (host.starts_with('[')) {
    host = host.ends_with(']') ? host.substr(1, host.size() - 2) : "";
    if (!is_address(AF_INET6, host)) return std::nullopt;
    return authority;
  }
  if (!is_name(host)) return std::nullopt;
  if (host.ends_with('.')) host.pop_back();
  return authority;
}

std::string url_host(const std::string& host) {
  return host.find(':') == std::string::npos || host.front() == '[' ? host : "[" + host + "]";
}

bool is_ip_address(const std::string& host) {
  return is_address(AF_INET, host) || is_address(AF_INET6, host);
}

}  // namespace okg::http
