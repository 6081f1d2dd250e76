// Sets up a process that may be PID 1 of its container,
// before its first thread starts.
#pragma once

#include <utility>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"

namespace okg::sidecar {

/// The signals that somebody may send to the sidecar, as something to poll.
class Signals {
 public:
  /// Blocked before the first thread starts, so that no thread is interrupted by them.
  static Result<Signals> block();
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Takes what has arrived. SIGTERM, SIGINT and SIGQUIT
  /// ask to stop. The others were meant for the game,
  /// by a `pkill -HUP` that names none: the log says so.
  [[nodiscard]] bool ask_to_stop() const;

 private:
  explicit Signals(unique_fd fd) : fd_(std::move(fd)) {}
  unique_fd fd_;
};

/// PID 1 becomes the parent of whatever its container's other
/// processes leave behind (those of an ephemeral container, say). With
/// SIGCHLD ignored the kernel reaps them. @source waitpid(2), NOTES
void reap_as_init();

/// To 4096 as far as the hard limit lets it; with
/// fewer, fewer connections are served at once.
void raise_descriptor_limit();

}  // namespace okg::sidecar
