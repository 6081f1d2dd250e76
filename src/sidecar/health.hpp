// `okg-sidecar health`: asks the sidecar of this
// configuration how it is, for probes by exec.
#pragma once

#include <filesystem>

#include "sidecar/plugin.hpp"

namespace okg::sidecar {

/// What a probe asks for.
enum class Probe {
  /// GET /healthz: the process is alive.
  kAlive,
  /// GET /readyz: it is ready.
  kReady,
};

/// Asks at the address that the file has the sidecar listen on; where that is every address, at
/// 127.0.0.1. Prints the answer. Returns the exit status: 0 for a 200, 1 otherwise, 64 for a wrong
/// configuration.
int ask_health(const std::filesystem::path& file, Registry registry, Probe probe);

}  // namespace okg::sidecar
