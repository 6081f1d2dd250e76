#include "process/process_table.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

#include "base/file.hpp"

namespace okg::process {
namespace {

constexpr std::size_t kMostStatBytes = 4 * 1024;
constexpr std::size_t kMostCommandLineBytes = 64 * 1024;

/// The beginning of a file of /proc; empty when it cannot be read.
std::string read_head(const std::filesystem::path& path, std::size_t most) {
  const auto fd = open_file(path, O_RDONLY);
  if (!fd) return {};
  std::string text(most, '\0');
  std::size_t used = 0;
  while (used < most) {
    const auto got = ::read(fd->get(), text.data() + used, most - used);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    used += static_cast<std::size_t>(got);
  }
  text.resize(used);
  text.shrink_to_fit();
  return text;
}

/// Fields of stat behind the command, which may itself hold spaces and parentheses.
bool parse_stat(const std::string& stat, Process& process, char& state) {
  const auto open = stat.find('(');
  const auto close = stat.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return false;
  process.comm = stat.substr(open + 1, close - open - 1);
  std::istringstream fields(stat.substr(close + 1));
  fields >> state >> process.parent;
  std::string skipped;
  for (int field = 5; field < 22; ++field) fields >> skipped;  // starttime is field 22
  fields >> process.start_ticks;
  return static_cast<bool>(fields);
}

/// The real user. The owner of the folder is only a guess at it: that is root for a process that is not dumpable.
/// @source proc(5)
std::optional<uid_t> parse_uid(const std::string& status) {
  static constexpr std::string_view kField = "\nUid:";
  const auto at = status.find(kField);
  if (at == std::string::npos) return std::nullopt;
  std::istringstream value(status.substr(at + kField.size(), 32));
  uid_t uid = 0;
  if (!(value >> uid)) return std::nullopt;
  return uid;
}

Result<Process> gone(pid_t pid) { return fail(ErrorCode::kNotFound, "process " + std::to_string(pid) + " is gone"); }

}  // namespace

Result<Process> read_process(pid_t pid, const std::filesystem::path& proc) {
  const auto folder = proc / std::to_string(pid);
  Process process;
  process.pid = pid;
  char state = 'X';
  if (!parse_stat(read_head(folder / "stat", kMostStatBytes), process, state) || state == 'Z' || state == 'X') return gone(pid);
  process.command_line = read_head(folder / "cmdline", kMostCommandLineBytes);
  const auto argv0 = process.command_line.substr(0, process.command_line.find('\0'));
  process.argv0_base = argv0.substr(argv0.rfind('/') + 1);
  std::replace(process.command_line.begin(), process.command_line.end(), '\0', ' ');
  while (!process.command_line.empty() && process.command_line.back() == ' ') process.command_line.pop_back();
  struct stat owner {};
  if (::stat(folder.c_str(), &owner) != 0) return gone(pid);
  process.uid = parse_uid(read_head(folder / "status", kMostStatBytes)).value_or(owner.st_uid);
  return process;
}

std::vector<Process> read_process_table(const std::filesystem::path& proc) {
  std::vector<Process> table;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(proc, error), end; !error && entry != end; entry.increment(error)) {
    const auto name = entry->path().filename().string();
    pid_t pid = 0;
    const auto [stop, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (failed != std::errc() || stop != name.data() + name.size()) continue;
    auto process = read_process(pid, proc);
    // Kernel threads have no command line.
    if (process && !process->command_line.empty()) table.push_back(std::move(*process));
  }
  std::sort(table.begin(), table.end(), [](const Process& a, const Process& b) { return a.pid < b.pid; });
  return table;
}

Timestamp started_at(const Process& process) {
  timespec boot{};
  ::clock_gettime(CLOCK_BOOTTIME, &boot);
  const auto since_boot = std::chrono::seconds(boot.tv_sec) + std::chrono::nanoseconds(boot.tv_nsec);
  const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  const auto started = std::chrono::microseconds(process.start_ticks * 1'000'000 / ticks_per_second);
  return now() - std::chrono::floor<std::chrono::microseconds>(since_boot) + started;
}

}  // namespace okg::process
