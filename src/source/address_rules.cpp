#include "source/address_rules.hpp"

#include <netdb.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/environment.hpp"
#include "base/text.hpp"

namespace okg::source {
namespace {

struct Refused {
  http::IpRange range;
  std::string_view what;
};

constexpr std::string_view kLinkLocal =
    "link-local, where clouds give out the credentials of the node";
constexpr std::string_view kMetadata = "a cloud's metadata service";
constexpr std::string_view kMulticast = "multicast";
constexpr std::string_view kUnspecified = "unspecified";
constexpr std::string_view kApiServer = "the API server's";

/// @source RFC 3927, RFC 4291, RFC 5771, RFC 1122 3.2.1.3, and the documentation of each cloud:
/// 100.100.100.200 Alibaba, 100.96.0.96 Volcengine, 192.0.0.192 and fd00:c1::a9fe:a9fe Oracle,
/// 168.63.129.16 Azure, fd00:ec2:: AWS, fd20:ce::254 Google, fd00:42::42 Scaleway. Those of AWS,
/// Google, Azure, Tencent (169.254.0.23) and Huawei are link-local.
const std::vector<Refused>& always_refused() {
  const auto range = [](std::string_view text) { return *http::IpRange::parse(text); };
  static const std::vector<Refused> kRefused{
      {range("169.254.0.0/16"), kLinkLocal},
      {range("fe80::/10"), kLinkLocal},
      {range("100.100.100.200"), kMetadata},
      {range("100.96.0.96"), kMetadata},
      {range("192.0.0.192"), kMetadata},
      {range("168.63.129.16"), kMetadata},
      {range("fd00:ec2::/32"), kMetadata},
      {range("fd20:ce::254"), kMetadata},
      {range("fd00:c1::a9fe:a9fe"), kMetadata},
      {range("fd00:42::42"), kMetadata},
      {range("224.0.0.0/4"), kMulticast},
      {range("ff00::/8"), kMulticast},
      {range("255.255.255.255"), "broadcast"},
      {range("0.0.0.0/8"), kUnspecified},
      {range("::"), kUnspecified},
  };
  return kRefused;
}

bool holds(const std::vector<http::IpRange>& ranges, const http::IpAddress& address) {
  return std::ranges::any_of(ranges, [&](const auto& range) { return range.contains(address); });
}

/// The current addresses of a name; none when it does not resolve.
std::vector<http::IpAddress> addresses_of(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  if (::getaddrinfo(name.c_str(), nullptr, &hints, &first) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(first, ::freeaddrinfo);
  std::vector<http::IpAddress> found;
  for (const auto* each = first; each != nullptr; each = each->ai_next)
    if (const auto address = http::IpAddress::of(*each->ai_addr)) found.push_back(*address);
  return found;
}

}  // namespace

ApiServer ApiServer::of_environment() {
  ApiServer server;
  server.host = environment("KUBERNETES_SERVICE_HOST").value_or("");
  const auto port = environment("KUBERNETES_SERVICE_PORT").value_or("");
  server.port = parse_whole<std::uint16_t>(port).value_or(server.port);
  return server;
}

AddressRules::AddressRules(Setting<std::vector<http::IpRange>> allowed,
                           Setting<std::vector<http::IpRange>> denied, ApiServer api_server)
    : allowed_(std::move(allowed)),
      denied_(std::move(denied)),
      api_server_(std::move(api_server)),
      api_address_(http::IpAddress::parse_host(api_server_.host)) {}

Error AddressRules::not_allowed(std::string_view what, std::string_view why) const {
  const auto error = fail(ErrorCode::kUpstream, Reason::kSourceNotAllowed, "the address ", what,
                          " is ", why, ", to which no update may lead");
  return allowed_.key.empty() ? error
                              : error.advise(concat("where it is meant, add it to ", allowed_.key));
}

bool AddressRules::is_allowed(const http::IpAddress& address) const {
  return holds(allowed_.value, address);
}

/// A loopback address is of everything in the pod, so that there its port counts too.
bool AddressRules::is_api_server(const http::IpAddress& address, std::uint16_t port) const {
  if (api_server_.host.empty() || (address.is_loopback() && port != api_server_.port)) return false;
  if (api_address_) return *api_address_ == address;
  const auto now = addresses_of(api_server_.host);
  return std::ranges::find(now, address) != now.end();
}

std::optional<std::string> AddressRules::refusal_of_one(const http::IpAddress& address) const {
  if (is_allowed(address)) return std::nullopt;
  for (const auto& [range, what] : always_refused())
    if (range.contains(address)) return std::string(what);
  if (holds(denied_.value, address)) return concat("denied by ", denied_.key);
  return std::nullopt;
}

std::optional<std::string> AddressRules::refusal(const http::IpAddress& address) const {
  if (is_allowed(address)) return std::nullopt;
  if (auto why = refusal_of_one(address)) return why;
  for (const auto& inner : address.embedded())
    if (const auto why = refusal_of_one(inner)) return "a form of " + inner.text() + ", " + *why;
  return std::nullopt;
}

Result<void> AddressRules::check(const http::IpAddress& address, std::uint16_t port) const {
  if (const auto why = refusal(address)) return not_allowed(address.text(), *why);
  if (is_allowed(address)) return {};
  auto forms = address.embedded();
  forms.push_back(address);
  const bool is_api =
      std::ranges::any_of(forms, [&](const auto& form) { return is_api_server(form, port); });
  return is_api ? Result<void>(not_allowed(address.text(), kApiServer)) : Result<void>();
}

Result<void> AddressRules::check_host(std::string_view host, std::uint16_t port) const {
  const auto address = http::IpAddress::parse_host(host);
  if (address && (api_address_ || api_server_.host.empty())) return check(*address, port);
  if (address) {  // that of the API server is known when the socket is opened
    if (const auto why = refusal(*address)) return not_allowed(address->text(), *why);
    return {};
  }
  while (host.ends_with('.')) host.remove_suffix(1);
  if (equals_ignoring_case(host, api_server_.host)) return not_allowed(host, kApiServer);
  return {};
}

}  // namespace okg::source
