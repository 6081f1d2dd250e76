// config -> build -> run -> drain, on one page.
#pragma once

#include <filesystem>
#include <string>

#include "base/log.hpp"
#include "config/host_config.hpp"
#include "kube/credentials.hpp"
#include "sidecar/plugin.hpp"

namespace okg::sidecar {

struct RunOptions {
  std::filesystem::path config_file = config::default_config_file();
  std::filesystem::path service_account_dir = kube::Credentials::kServiceAccountDir;
  std::string version;
  log::Format log_format = log::Format::kText;
};

/// @source sysexits(3) EX_USAGE
inline constexpr int kExitBadConfiguration = 64;

/// The extent of `validate`.
enum class Validation {
  /// The file alone.
  kFile,
  /// The file, and whether it fits what runs on this machine.
  kLive,
};
/// Prints one line per mistake to standard error, or "FILE: ok"
/// to standard output; of what runs, warnings and notes in the
/// same way. Returns the exit status: warnings are no mistakes.
int validate(const std::filesystem::path& file, Registry registry, Validation validation);

/// Runs until SIGTERM, SIGINT or SIGQUIT. Returns the exit status: 0 after
/// an orderly stop, 64 for a wrong configuration, 1 otherwise.
int run(const RunOptions& options, Registry registry);

}  // namespace okg::sidecar
