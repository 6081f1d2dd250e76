#include "process/process_table.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace okg::process {
namespace {

constexpr std::size_t kMaxStatBytes = 4 * 1024;
constexpr std::size_t kMaxCommandLineBytes = 64 * 1024;

/// The beginning of a file of /proc; empty when it cannot be read.
std::string read_head(const std::string& path, std::size_t most) {
  const unique_fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  if (!fd) return text;
  std::array<char, 4096> buffer{};
  while (text.size() < most) {
    const auto got = ::read(fd.get(), buffer.data(), std::min(buffer.size(), most - text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    // The files of /proc come whole: what did not fill the buffer was the end.
    if (static_cast<std::size_t>(got) < buffer.size()) break;
  }
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

Error gone(pid_t pid) {
  return {ErrorCode::kNotFound, "process " + std::to_string(pid) + " is gone"};
}

void take_command_line(Process& process, std::string command_line) {
  const auto argv0 = command_line.substr(0, command_line.find('\0'));
  process.argv0_base = argv0.substr(argv0.rfind('/') + 1);
  std::replace(command_line.begin(), command_line.end(), '\0', ' ');
  while (!command_line.empty() && command_line.back() == ' ') command_line.pop_back();
  process.command_line = std::move(command_line);
}

}  // namespace

Result<Process> read_process(pid_t pid, const std::filesystem::path& proc) {
  const auto folder = (proc / std::to_string(pid)).string();
  Process process;
  process.pid = pid;
  // First, because kernel threads and zombies, often the greater part of a table, have none.
  auto command_line = read_head(folder + "/cmdline", kMaxCommandLineBytes);
  if (command_line.empty()) return gone(pid);
  take_command_line(process, std::move(command_line));
  char state = 'X';
  if (!parse_stat(read_head(folder + "/stat", kMaxStatBytes), process, state) || state == 'Z' ||
      state == 'X')
    return gone(pid);
  return process;
}

Result<uid_t> user_of(pid_t pid, const std::filesystem::path& proc) {
  static constexpr std::string_view kField = "\nUid:";
  const auto status = read_head((proc / std::to_string(pid) / "status").string(), kMaxStatBytes);
  const auto at = status.find(kField);
  uid_t uid = 0;
  if (at == std::string::npos ||
      !(std::istringstream(status.substr(at + kField.size(), 32)) >> uid))
    return gone(pid);
  return uid;
}

std::vector<Process> read_process_table(const std::filesystem::path& proc) {
  std::vector<Process> table;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(proc, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    const auto pid = parse_whole<pid_t>(name);
    if (!pid) continue;
    auto process = read_process(*pid, proc);
    if (process) table.push_back(std::move(*process));
  }
  std::sort(table.begin(), table.end(),
            [](const Process& a, const Process& b) { return a.pid < b.pid; });
  return table;
}

Timestamp started_at(const Process& process) {
  timespec boot{};
  ::clock_gettime(CLOCK_BOOTTIME, &boot);
  const auto since_boot =
      std::chrono::seconds(boot.tv_sec) + std::chrono::nanoseconds(boot.tv_nsec);
  const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  const auto started =
      std::chrono::microseconds(process.start_ticks * 1'000'000 / ticks_per_second);
  return now() - std::chrono::floor<std::chrono::microseconds>(since_boot) + started;
}

}  // namespace okg::process
