#include "process/process_table.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

#include "base/io/unique_fd.hpp"
#include "base/text.hpp"

namespace okg::process {
namespace {

constexpr std::size_t kMaxStatBytes = 4 * 1024;
constexpr std::size_t kMaxCommandLineBytes = 64 * 1024;

struct Stat {
  char state = 'X';
  int threads = 0;
};

/// @source proc(5): T is a stop by a signal, t one by a tracer
bool is_stop(char state) { return state == 'T' || state == 't'; }

/// Fields of stat behind the command, which may itself hold spaces and parentheses.
bool parse_stat(const std::string& text, Process& process, Stat& stat) {
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return false;
  process.comm = text.substr(open + 1, close - open - 1);
  std::istringstream fields(text.substr(close + 1));
  long terminal = 0;
  std::string skipped;
  fields >> stat.state >> process.parent;
  fields >> skipped >> process.session >> terminal;  // fields 6 and 7
  for (int field = 8; field < 20; ++field) fields >> skipped;
  fields >> stat.threads >> skipped >> process.start_ticks;  // fields 20 and 22
  process.has_terminal = terminal != 0;
  process.is_stopped = is_stop(stat.state);
  return static_cast<bool>(fields);
}

Error gone(pid_t pid) {
  return {ErrorCode::kNotFound, "process " + std::to_string(pid) + " is gone"};
}

void take_command_line(Process& process, std::string command_line) {
  for (std::size_t at = 0; at < command_line.size();) {
    const auto end = std::min(command_line.find('\0', at), command_line.size());
    process.arguments.push_back(command_line.substr(at, end - at));
    at = end + 1;
  }
  const auto& argv0 = process.arguments.front();
  process.argv0_base = argv0.substr(argv0.rfind('/') + 1);
  std::ranges::replace(command_line, '\0', ' ');
  while (!command_line.empty() && command_line.back() == ' ') command_line.pop_back();
  process.command_line = std::move(command_line);
}

/// The command line that a thread other than the
/// main thread sees; empty when there is none.
std::string command_line_of_a_thread(const std::string& folder, Process& process) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder + "/task", error), end;
       !error && entry != end; entry.increment(error)) {
    const auto thread = parse_whole<pid_t>(entry->path().filename().string());
    if (!thread || *thread == process.pid) continue;
    auto text = read_proc_head(entry->path().string() + "/cmdline", kMaxCommandLineBytes);
    if (text.empty()) continue;
    process.thread = *thread;
    return text;
  }
  return {};
}

}  // namespace

std::filesystem::path folder_of(const Process& process, const std::filesystem::path& proc) {
  auto folder = proc / std::to_string(process.pid);
  if (process.thread == process.pid) return folder;
  return folder / "task" / std::to_string(process.thread);
}

std::string read_proc_head(const std::string& path, std::size_t max_bytes) {
  const unique_fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  if (!fd) return text;
  std::array<char, 4096> buffer{};
  while (text.size() < max_bytes) {
    const auto got =
        ::read(fd.get(), buffer.data(), std::min(buffer.size(), max_bytes - text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

Result<Process> read_process(pid_t pid, const std::filesystem::path& proc) {
  const auto folder = (proc / std::to_string(pid)).string();
  Process process;
  process.pid = process.thread = pid;
  Stat stat;
  // First, because kernel threads, often the greater part of a table, have none.
  auto command_line = read_proc_head(folder + "/cmdline", kMaxCommandLineBytes);
  if (command_line.empty()) {
    const bool lives_on =
        parse_stat(read_proc_head(folder + "/stat", kMaxStatBytes), process, stat) &&
        stat.state == 'Z' && stat.threads > 1;
    if (lives_on) command_line = command_line_of_a_thread(folder, process);
    if (command_line.empty()) return gone(pid);
    Process thread;
    const auto stat_of_it = (folder_of(process, proc) / "stat").string();
    if (parse_stat(read_proc_head(stat_of_it, kMaxStatBytes), thread, stat))
      process.is_stopped = thread.is_stopped;
  } else if (!parse_stat(read_proc_head(folder + "/stat", kMaxStatBytes), process, stat) ||
             stat.state == 'Z' || stat.state == 'X') {
    return gone(pid);
  }
  take_command_line(process, std::move(command_line));
  return process;
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
  std::ranges::sort(table, {}, &Process::pid);
  return table;
}

bool hides_processes(const std::filesystem::path& proc) {
  return read_proc_head((proc / "1/stat").string(), kMaxStatBytes).empty();
}

BootTime started_at(const Process& process) {
  const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return BootTime(std::chrono::microseconds(process.start_ticks * 1'000'000 / ticks_per_second));
}

}  // namespace okg::process
