#include "http/client/no_proxy.hpp"

#include <cstdint>

#include "base/environment.hpp"
#include "base/text.hpp"
#include "http/ip_address.hpp"

namespace okg::http {
namespace {

/// Where the port's colon is, if there is one. An IPv6
/// address has several, and is in brackets before a port.
std::size_t colon_of_port(std::string_view entry) {
  const auto last = entry.rfind(':');
  if (last == std::string_view::npos || last == 0) return std::string_view::npos;
  return entry[last - 1] == ']' || entry.find(':') == last ? last : std::string_view::npos;
}

std::string_view without_brackets(std::string_view host) {
  const bool has = host.starts_with('[') && host.ends_with(']');
  return has ? host.substr(1, host.size() - 2) : host;
}

bool is_below(std::string_view host, std::string_view domain) {
  if (host.size() < domain.size()) return false;
  const auto rest = host.size() - domain.size();
  return equals_ignoring_case(host.substr(rest), domain) && (rest == 0 || host[rest - 1] == '.');
}

}  // namespace

bool stands_for(std::string_view entry, const Url& url) {
  if (const auto colon = colon_of_port(entry); colon != std::string_view::npos) {
    if (parse_whole<std::uint16_t>(entry.substr(colon + 1)) != url.port()) return false;
    entry = entry.substr(0, colon);
  }
  if (entry == "*") return true;
  if (const auto address = IpAddress::parse_host(url.host())) {
    const auto range = IpRange::parse(without_brackets(entry));
    return range && range->contains(*address);
  }
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  entry = trimmed(entry, ".");
  return !entry.empty() && is_below(url.host(), entry);
}

bool is_reached_directly(const Url& url) {
  auto list = environment("no_proxy");
  if (!list) list = environment("NO_PROXY");
  if (!list) return false;
  for (std::string_view rest = *list; !rest.empty();)
    // Quotes of an env file may still stand around an entry.
    if (stands_for(trimmed(take_until(rest, ", \t"), "\"'"), url)) return true;
  return false;
}

}  // namespace okg::http
