// What a process that may be PID 1 of its container
// sets up before its first thread starts.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace okg::sidecar {

/// SIGTERM and SIGINT as something to poll. Blocked before the
/// first thread starts, so that no thread is interrupted by them.
Result<unique_fd> block_stop_signals();

/// PID 1 becomes the parent of whatever its container's other
/// processes leave behind (those of an ephemeral container, say). With
/// SIGCHLD ignored the kernel reaps them. @source waitpid(2), NOTES
void reap_as_init();

/// To 4096 as far as the hard limit lets it; with
/// fewer, fewer connections are served at once.
void raise_descriptor_limit();

}  // namespace okg::sidecar
