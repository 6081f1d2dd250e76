// Runs one of the client's commands.
#pragma once

#include "client/options.hpp"
#include "sidecar/plugin.hpp"

namespace okg::client {

/// Prints to standard output what was asked for, and to standard error
/// how far it is and what is wrong. Returns an ExitStatus.
int run(const Options& options, sidecar::Registry registry);

}  // namespace okg::client
