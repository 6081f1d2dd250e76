// Decides which addresses a download may connect to. The source
// of an update is somebody else's word: it must not
// lead to places that trust whoever is on this node.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/setting.hpp"
#include "http/ip_address.hpp"

namespace okg::source {

/// Where the API server is, as the environment of the pod says.
struct ApiServer {
  std::string host;  ///< a name or an address; empty: none
  std::uint16_t port = 443;
  static ApiServer of_environment();
};

/// Refused always: link-local addresses and the metadata
/// services of clouds, multicast, broadcast, unspecified
/// ones, and the API server. Safe for threads.
class AddressRules {
 public:
  AddressRules() : AddressRules({}, {}, {}) {}
  /// `allowed` wins over everything that is refused, `denied` is refused as well.
  AddressRules(Setting<std::vector<http::IpRange>> allowed,
               Setting<std::vector<http::IpRange>> denied, ApiServer api_server);

  /// Before a socket connects there. Errors: kUpstream and SourceNotAllowed.
  [[nodiscard]] Result<void> check(const http::IpAddress& address, std::uint16_t port) const;
  /// The host of a URL, which a proxy may connect to: all
  /// that is known without a name server. Errors: as above.
  [[nodiscard]] Result<void> check_host(std::string_view host, std::uint16_t port) const;

 private:
  [[nodiscard]] Error not_allowed(std::string_view what, std::string_view why) const;
  [[nodiscard]] std::optional<std::string> refusal(const http::IpAddress& address) const;
  [[nodiscard]] std::optional<std::string> refusal_of_one(const http::IpAddress& address) const;
  [[nodiscard]] bool is_allowed(const http::IpAddress& address) const;
  [[nodiscard]] bool is_api_server(const http::IpAddress& address, std::uint16_t port) const;

  Setting<std::vector<http::IpRange>> allowed_;
  Setting<std::vector<http::IpRange>> denied_;
  ApiServer api_server_;
  std::optional<http::IpAddress> api_address_;
};

}  // namespace okg::source
