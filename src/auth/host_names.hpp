// Checks the name by which a caller reaches this server. A page whose name was pointed at this
// pod (DNS rebinding) is of the same site to a browser; only the name tells.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/setting.hpp"
#include "http/server/router.hpp"

namespace okg::auth {

/// Immutable.
class HostNames {
 public:
  /// `own`: names of this pod. `allowed` by the operator: names,
  /// "*.NAME" for all below a name, "*" for all.
  HostNames(std::vector<std::string> own, Setting<std::vector<std::string>> allowed);

  /// IP addresses, localhost, single labels and what ends in .svc or
  /// .svc.cluster.local are names that nobody outside can own; so
  /// are those below a search domain of this pod's that begins with
  /// svc. Nothing (HTTP/1.0, an empty Host) is sent by no browser.
  [[nodiscard]] bool know(const std::string& host) const;
  /// 421 for a request to a name that is not known, naming the setting.
  [[nodiscard]] std::optional<http::ServerResponse> refuse_foreign(
      const http::ServerRequest& head) const;

 private:
  std::vector<std::string> exact_;
  std::vector<std::string> suffixes_;  ///< ".svc", ".example.com"
  bool all_ = false;
  std::string_view allowed_key_;
};

/// True for a name, "*.NAME" and "*".
[[nodiscard]] bool is_host_pattern(std::string_view text);

/// The domains that a resolv.conf has names completed with. @source resolv.conf(5)
[[nodiscard]] std::vector<std::string> search_domains(std::string_view resolv_conf);

/// The names by which this pod is called: that of
/// the pod, and those of its Services' domain.
[[nodiscard]] std::vector<std::string> own_names(const std::string& pod_name);

}  // namespace okg::auth
