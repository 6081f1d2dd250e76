// The processes that this container sees, read from /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/timestamp.hpp"

namespace okg::process {

/// @source proc(5): /proc/[pid]/stat, /proc/[pid]/cmdline
struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  std::string comm;          ///< at most 15 bytes, cut by the kernel
  std::string command_line;  ///< arguments joined by spaces, none at the end; of at most 64 KiB
  std::string argv0_base;    ///< the last path segment of the first argument
  std::uint64_t start_ticks = 0;  ///< since boot; with the pid it identifies a process for good
};

/// All but kernel threads and zombies, ordered by pid. A process that ends while it is read is left
/// out.
[[nodiscard]] std::vector<Process> read_process_table(const std::filesystem::path& proc = "/proc");

/// Errors: kNotFound when there is no such process (any more), or it is a zombie or a kernel
/// thread.
Result<Process> read_process(pid_t pid, const std::filesystem::path& proc = "/proc");

/// The real user of a process, also of one that is not dumpable. Errors: kNotFound.
/// @source proc(5): /proc/[pid]/status
Result<uid_t> user_of(pid_t pid, const std::filesystem::path& proc = "/proc");

/// When it started, by the wall clock; exact to a clock tick (10 ms).
[[nodiscard]] Timestamp started_at(const Process& process);

}  // namespace okg::process
