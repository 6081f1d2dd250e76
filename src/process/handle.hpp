// Holds on to one process: signals reach that process and
// no other that got its pid since, and its end is seen.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"
#include "process/process_table.hpp"

namespace okg::process {

/// @source pidfd_open(2), pidfd_send_signal(2)
class Handle {
 public:
  /// Errors: kNotFound (it is gone), kForbidden (a seccomp profile
  /// has no pidfd_open), kInternal (the kernel has none, and others).
  static Result<Handle> open(const Process& process, const std::filesystem::path& proc = "/proc");

  /// Errors: kNotFound (it is gone), kForbidden (not permitted; the
  /// message names both users), kInternal.
  Result<void> send(int signal, const std::filesystem::path& proc = "/proc") const;

  [[nodiscard]] const Process& process() const { return process_; }
  [[nodiscard]] int descriptor() const { return pidfd_.get(); }

 private:
  Handle(Process process, unique_fd pidfd);
  Process process_;
  unique_fd pidfd_;
};

/// Waits until one of them has ended (all of its threads),
/// until `duration` has passed, or until `stop` is
/// requested. The index of the one that has ended first.
[[nodiscard]] std::optional<std::size_t> wait_for_end(std::span<const Handle* const> handles,
                                                      std::chrono::milliseconds duration,
                                                      const std::stop_token& stop);

}  // namespace okg::process
