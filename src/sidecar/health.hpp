// `okg-sidecar health`: asks the sidecar of this
// configuration how it is, for probes by exec.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>

#include "sidecar/plugin.hpp"

namespace okg::sidecar {

/// The question of a probe.
enum class Probe {
  /// GET /healthz: the process is alive.
  kAlive,
  /// GET /readyz: it is ready.
  kReady,
};

inline constexpr std::size_t kMaxHealthBytes = std::size_t{64} << 10U;
/// A probe of the kubelet has a time of its own, which is usually shorter.
inline constexpr std::chrono::seconds kHealthTimeout{10};

/// Asks at the address that the file has the sidecar listen on; where that is every address, at
/// 127.0.0.1. Prints the answer. Returns the exit status: 0 for a 200, 1 otherwise, 64 for a wrong
/// configuration.
int ask_health(const std::filesystem::path& file, Registry registry, Probe probe);

}  // namespace okg::sidecar
