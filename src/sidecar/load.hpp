// config.yaml -> the plugins it asks for, configured; or every mistake in it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/settings.hpp"
#include "base/setting.hpp"
#include "config/host_config.hpp"
#include "config/mistakes.hpp"
#include "http/server/server.hpp"
#include "sidecar/plugin.hpp"

namespace okg::sidecar {

struct Loaded {
  config::HostConfig config;
  http::ServerLimits limits;
  /// Names by which the sidecar may be called besides.
  Setting<std::vector<std::string>> allowed_hosts;
  Setting<std::size_t> max_failures_per_peer{20};  ///< wrong credentials within a minute
  auth::Settings auth;
  std::optional<http::TlsOptions> tls;
  std::vector<std::unique_ptr<Plugin>> plugins;  ///< in boot order
};

/// Nothing when there are mistakes.
std::optional<Loaded> load(const std::filesystem::path& file, Registry registry,
                           config::Mistakes& mistakes);

}  // namespace okg::sidecar
