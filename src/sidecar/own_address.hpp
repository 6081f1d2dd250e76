// Where the sidecar of a configuration is called from its own machine.
#pragma once

#include <string>

#include "sidecar/load.hpp"

namespace okg::sidecar {

/// "http://127.0.0.1:5000", or https where the configuration has TLS.
/// Where it listens on every address, the loopback address of its kind.
[[nodiscard]] std::string own_url(const Loaded& loaded);

}  // namespace okg::sidecar
