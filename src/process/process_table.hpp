// The processes that this container sees, read from /proc.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time/boot_time.hpp"

namespace okg::process {

/// @source proc(5): /proc/[pid]/stat, /proc/[pid]/cmdline
struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  std::string comm;          ///< at most 15 bytes, cut by the kernel
  std::string command_line;  ///< arguments joined by spaces, none at the end; of at most 64 KiB
  std::vector<std::string> arguments;
  std::string argv0_base;         ///< the last path segment of the first argument
  bool has_terminal = false;      ///< a controlling terminal
  pid_t session = 0;              ///< the pid of who leads it; 0: nobody that the reader sees
  bool is_stopped = false;        ///< by SIGSTOP, or by a debugger
  std::uint64_t start_ticks = 0;  ///< since boot; with the pid it identifies a process for good
  /// A thread that lives. Not always the main thread, which has the pid as
  /// its id: that may end before the others, and then looks like a zombie.
  pid_t thread = 0;
};

/// All but kernel threads and processes that have ended, ordered
/// by pid. A process that ends while it is read is left out.
[[nodiscard]] std::vector<Process> read_process_table(const std::filesystem::path& proc = "/proc");

/// True when /proc hides processes of other users (hidepid):
/// process 1 is always there, and its status no secret.
/// @source proc(5): hidepid
[[nodiscard]] bool hides_processes(const std::filesystem::path& proc = "/proc");

/// Errors: kNotFound when there is no such process
/// (any more), it has ended, or is a kernel thread.
Result<Process> read_process(pid_t pid, const std::filesystem::path& proc = "/proc");

/// Where /proc tells of the process: of its thread that lives.
[[nodiscard]] std::filesystem::path folder_of(const Process& process,
                                              const std::filesystem::path& proc = "/proc");

/// The beginning of a file of /proc; empty when it cannot be read.
[[nodiscard]] std::string read_proc_head(const std::string& path, std::size_t max_bytes);

/// When it started, cut off to a clock tick (10 ms).
[[nodiscard]] BootTime started_at(const Process& process);

}  // namespace okg::process
