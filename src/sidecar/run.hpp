// config -> build -> run -> drain, on one page.
#pragma once

#include <filesystem>
#include <string>

#include "sidecar/plugin.hpp"

namespace okg::sidecar {

struct RunOptions {
  std::filesystem::path config_file = "/opt/sidecar/config.yaml";
  std::filesystem::path service_account_dir = "/var/run/secrets/kubernetes.io/serviceaccount";
  std::string version;
};

/// @source sysexits(3) EX_USAGE
inline constexpr int kExitBadConfiguration = 64;

/// Prints one line per mistake to standard error, or "FILE: ok" to standard output. Returns the
/// exit status.
int validate(const std::filesystem::path& file, Registry registry);

/// Runs until SIGTERM or SIGINT. Returns the exit status: 0 after an orderly stop, 64 for a wrong
/// configuration, 1 otherwise.
int run(const RunOptions& options, Registry registry);

}  // namespace okg::sidecar
