// The web configuration file that Prometheus'
// exporters share: TLS, and users with passwords.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "config/mistakes.hpp"
#include "http/server/options.hpp"

namespace okg::auth {

struct WebConfig {
  std::optional<http::TlsOptions> tls{};
  /// The names that client certificates may have; nothing: callers need none.
  std::optional<std::set<std::string>> certificate_names{};
  std::map<std::string, std::string> users{};  ///< name -> bcrypt hash
};

/// Paths in it are relative to its folder. What it
/// can say and this program cannot do is a mistake.
/// @source https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
[[nodiscard]] std::optional<WebConfig> read_web_config(const std::filesystem::path& file,
                                                       config::Mistakes& mistakes);

}  // namespace okg::auth
