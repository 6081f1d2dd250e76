// Runs a program and stops before each of its system calls that changes a file below one folder,
// and acts on the N-th one. Usage: file_steps FOLDER ARMED LOG ACTION PROGRAM ARGUMENTS…
//   none         only notes the calls
//   kill:N       ends the program with SIGKILL instead of its N-th call
//   fail:N       answers its N-th call with EIO instead of making it
//   fail-from:N  and every later one, those that only look at a file included
//   lie:N        makes its N-th call and answers EIO all the same, as a network file system does
//                whose reply was lost
//   lie-from:N   and answers every later one with EIO instead of making it, those that only look at
//                a file included
//   blind:N      answers the N-th call that only looks at a file with EIO
// Calls are counted from the moment the file ARMED exists, and none fails once it is gone. LOG gets
// one JSON line for each call that was made, when it has returned: what it did, on which inodes,
// with which bytes, and `early` when it came before ARMED; and one for each that was acted on.
// SIGTERM is passed on; the exit status too.
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace {

using Json = nlohmann::json;
using Registers = user_regs_struct;

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "file_steps: %s: %s\n", what.c_str(),
               std::generic_category().message(errno).c_str());
  std::exit(125);
}

/// What changes files. Any other call runs at full speed. io_uring and mmap are not among them: the
/// program uses neither to write.
constexpr std::array kTraced{SYS_openat2,   SYS_open,   SYS_openat,    SYS_creat,     SYS_write,
                             SYS_pwrite64,  SYS_writev, SYS_ftruncate, SYS_truncate,  SYS_fsync,
                             SYS_fdatasync, SYS_rename, SYS_renameat,  SYS_renameat2, SYS_syncfs,
                             SYS_link,      SYS_linkat, SYS_unlink,    SYS_unlinkat,  SYS_mkdir,
                             SYS_mkdirat,   SYS_rmdir,  SYS_fallocate, SYS_symlink,   SYS_symlinkat,
                             SYS_chmod,     SYS_fchmod, SYS_fchmodat};

constexpr std::array kLooking{SYS_read, SYS_newfstatat, SYS_readlinkat, SYS_getdents64};

void trace_me(bool looks) {
  if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) give_up("ptrace");
  ::raise(SIGSTOP);  // until the parent has set its options
  std::vector<sock_filter> program{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  std::vector<long> numbers(kTraced.begin(), kTraced.end());
  if (looks) numbers.insert(numbers.end(), kLooking.begin(), kLooking.end());
  for (const auto number : numbers) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number), 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
    give_up("seccomp");
}

std::string read_memory(pid_t thread, unsigned long long address, std::size_t bytes) {
  std::string text(bytes, '\0');
  const auto file =
      ::open(("/proc/" + std::to_string(thread) + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  const auto got = file < 0 ? -1 : ::pread(file, text.data(), bytes, static_cast<off_t>(address));
  ::close(file);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

std::string read_text(pid_t thread, unsigned long long address) {
  const auto bytes = read_memory(thread, address, PATH_MAX);
  return bytes.substr(0, bytes.find('\0'));
}

std::string descriptor(pid_t thread, unsigned long long number) {
  return "/proc/" + std::to_string(thread) + "/fd/" + std::to_string(static_cast<int>(number));
}

/// Where an open file's name was when it was opened, or is now ("… (deleted)" without one).
std::string path_of(pid_t thread, unsigned long long number) {
  std::array<char, PATH_MAX> target{};
  const auto length = ::readlink(descriptor(thread, number).c_str(), target.data(), target.size());
  return length < 0 ? std::string() : std::string(target.data(), static_cast<std::size_t>(length));
}

/// Where the next read or write of an open file would be. @source proc_pid_fdinfo(5)
long long position(pid_t thread, unsigned long long number) {
  std::ifstream info("/proc/" + std::to_string(thread) + "/fdinfo/" +
                     std::to_string(static_cast<int>(number)));
  std::string label;
  long long position = 0;
  info >> label >> position;
  return position;
}

std::string path_at(pid_t thread, unsigned long long folder, unsigned long long name) {
  auto path = read_text(thread, name);
  if (!path.starts_with('/') && static_cast<int>(folder) != AT_FDCWD)
    path = path_of(thread, folder) + "/" + path;
  return path;
}

std::string hex(const std::string& bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4U];
    text += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

ino_t inode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

/// What open, openat or openat2 is called with.
int open_flags(pid_t thread, const Registers& at) {
  if (at.orig_rax == SYS_open) return static_cast<int>(at.rsi);
  if (at.orig_rax == SYS_openat) return static_cast<int>(at.rdx);
  open_how how{};
  const auto bytes = read_memory(thread, at.rdx, sizeof how);
  std::memcpy(&how, bytes.data(), std::min(bytes.size(), sizeof how));
  return static_cast<int>(how.flags);
}

/// A call as JSON: `call`, and `path` (and `to`) or `inode`. Nothing when it changes no file or is
/// none of ours.
std::optional<Json> describe(pid_t thread, const Registers& at, const std::string& below) {
  const auto number = static_cast<long>(at.orig_rax);
  Json step;
  const auto named = [&](const char* call, std::string path, std::string to = {}) {
    step = {{"call", call}, {"path", std::move(path)}};
    if (!to.empty()) step["to"] = std::move(to);
  };
  const auto opened = [&](const char* call) {
    step = {{"call", call},
            {"path", path_of(thread, at.rdi)},
            {"inode", inode_of(descriptor(thread, at.rdi))}};
  };
  const auto at_cwd = static_cast<unsigned long long>(AT_FDCWD);
  switch (number) {
    case SYS_creat: give_up("creat is not looked at");
    case SYS_open:
    case SYS_openat:
    case SYS_openat2: {
      const bool at_folder = number != SYS_open;
      const auto flags = open_flags(thread, at);
      if ((flags & (O_CREAT | O_TRUNC)) == 0) return std::nullopt;
      named("open", at_folder ? path_at(thread, at.rdi, at.rsi) : path_at(thread, at_cwd, at.rdi));
      step["flags"] = flags;
      step["existed"] = ::access(step["path"].get<std::string>().c_str(), F_OK) == 0;
      // Opening what is there already, without emptying it, changes nothing.
      if (step["existed"] && (flags & O_TRUNC) == 0) return std::nullopt;
      break;
    }
    case SYS_write:
      opened("write");
      step["data"] = hex(read_memory(thread, at.rsi, at.rdx));
      break;
    case SYS_pwrite64:
    case SYS_writev: opened("unsupported write"); break;
    case SYS_ftruncate:
      opened("ftruncate");
      step["length"] = at.rsi;
      break;
    case SYS_fallocate: opened("fallocate"); break;
    case SYS_fsync: opened("fsync"); break;
    case SYS_fdatasync: opened("fdatasync"); break;
    case SYS_syncfs: opened("syncfs"); break;
    case SYS_fchmod: opened("fchmod"); break;
    case SYS_rename:
      named("rename", path_at(thread, at_cwd, at.rdi), path_at(thread, at_cwd, at.rsi));
      break;
    case SYS_renameat:
    case SYS_renameat2: {
      const bool exchanges = number == SYS_renameat2 && (at.r8 & RENAME_EXCHANGE) != 0;
      named(exchanges ? "exchange" : "rename", path_at(thread, at.rdi, at.rsi),
            path_at(thread, at.rdx, at.r10));
      break;
    }
    case SYS_link:
      named("link", path_at(thread, at_cwd, at.rdi), path_at(thread, at_cwd, at.rsi));
      break;
    case SYS_linkat:
      named("link", path_at(thread, at.rdi, at.rsi), path_at(thread, at.rdx, at.r10));
      break;
    case SYS_unlink: named("unlink", path_at(thread, at_cwd, at.rdi)); break;
    case SYS_unlinkat: named("unlink", path_at(thread, at.rdi, at.rsi)); break;
    case SYS_mkdir: named("mkdir", path_at(thread, at_cwd, at.rdi)); break;
    case SYS_mkdirat: named("mkdir", path_at(thread, at.rdi, at.rsi)); break;
    default: named("unsupported call", path_at(thread, at_cwd, at.rdi)); step["number"] = number;
  }
  const auto path = step["path"].get<std::string>();
  const auto to = step.value("to", std::string());
  if (!path.starts_with(below) && !to.starts_with(below)) return std::nullopt;
  return step;
}

/// A call that only looks at a file below the folder.
std::optional<Json> describe_look(pid_t thread, const Registers& at, const std::string& below) {
  Json step;
  switch (static_cast<long>(at.orig_rax)) {
    case SYS_open:
      step = {{"call", "open to read"},
              {"path", path_at(thread, static_cast<unsigned long long>(AT_FDCWD), at.rdi)}};
      break;
    case SYS_openat:
    case SYS_openat2:
      step = {{"call", "open to read"}, {"path", path_at(thread, at.rdi, at.rsi)}};
      break;
    case SYS_read: step = {{"call", "read"}, {"path", path_of(thread, at.rdi)}}; break;
    case SYS_getdents64: step = {{"call", "getdents"}, {"path", path_of(thread, at.rdi)}}; break;
    case SYS_newfstatat:
      step = {{"call", "stat"}, {"path", path_at(thread, at.rdi, at.rsi)}};
      break;
    case SYS_readlinkat:
      step = {{"call", "readlink"}, {"path", path_at(thread, at.rdi, at.rsi)}};
      break;
    default: return std::nullopt;
  }
  if (!step["path"].get<std::string>().starts_with(below)) return std::nullopt;
  return step;
}

struct Action {
  enum class Kind { kNone, kKill, kFail, kFailFrom, kLie, kLieFrom, kBlind } kind = Kind::kNone;
  long at = 0;
  [[nodiscard]] bool looks() const {
    return kind == Kind::kFailFrom || kind == Kind::kLieFrom || kind == Kind::kBlind;
  }
};

Action parse_action(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) {
    if (text != "none") give_up("no action: " + text);
    return {};
  }
  static const std::map<std::string, Action::Kind> kKinds{
      {"kill", Action::Kind::kKill},          {"fail", Action::Kind::kFail},
      {"fail-from", Action::Kind::kFailFrom}, {"lie", Action::Kind::kLie},
      {"lie-from", Action::Kind::kLieFrom},   {"blind", Action::Kind::kBlind}};
  const auto kind = kKinds.find(text.substr(0, colon));
  if (kind == kKinds.end()) give_up("no action: " + text);
  return {kind->second, std::stol(text.substr(colon + 1))};
}

class Tracer {
 public:
  Tracer(std::string below, std::string armed, const std::string& log, Action action, pid_t program)
      : below_(std::move(below)),
        armed_file_(std::move(armed)),
        log_(log),
        action_(action),
        program_(program) {}

  /// Until the program has ended; its exit status as a shell gives it.
  int run() {
    constexpr auto kOptions = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                              PTRACE_O_TRACEVFORK | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
    int status = 0;
    if (::waitpid(program_, &status, __WALL) != program_) give_up("waitpid");
    if (::ptrace(PTRACE_SETOPTIONS, program_, nullptr, kOptions) != 0) give_up("ptrace options");
    ::ptrace(PTRACE_CONT, program_, nullptr, nullptr);
    for (;;) {
      const auto thread = ::waitpid(-1, &status, __WALL);
      if (thread < 0 && errno == EINTR) continue;
      if (thread < 0) give_up("waitpid");
      if (WIFEXITED(status) || WIFSIGNALED(status)) {
        if (thread == program_)
          return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        continue;
      }
      resume(thread, status);
    }
  }

 private:
  void resume(pid_t thread, int status) {
    const int event = status >> 16;
    if (event == PTRACE_EVENT_SECCOMP) return at_entry(thread);
    if (WSTOPSIG(status) == (SIGTRAP | 0x80)) return at_exit(thread);
    // A new thread begins with a stop of its own; other signals are the program's.
    const bool is_ours = event != 0 || WSTOPSIG(status) == SIGSTOP || WSTOPSIG(status) == SIGTRAP;
    ::ptrace(PTRACE_CONT, thread, nullptr, static_cast<long>(is_ours ? 0 : WSTOPSIG(status)));
  }

  void at_entry(pid_t thread) {
    Registers at{};
    if (::ptrace(PTRACE_GETREGS, thread, nullptr, &at) != 0) return;
    const bool is_armed = ::access(armed_file_.c_str(), F_OK) == 0;
    armed_ = armed_ || is_armed;
    auto step = describe(thread, at, below_);
    if (step && !armed_) {
      (*step)["early"] = true;
      return make(thread, std::move(*step));
    }
    using Kind = Action::Kind;
    if (!step) {
      auto look =
          armed_ && is_armed && action_.looks() ? describe_look(thread, at, below_) : std::nullopt;
      if (look && (action_.kind == Kind::kBlind ? ++looks_ == action_.at : is_broken_))
        return fail(thread, at, *look);
      ::ptrace(PTRACE_CONT, thread, nullptr, nullptr);
      return;
    }
    ++steps_;
    const bool is_the_one = steps_ == action_.at;
    if (action_.kind == Kind::kKill && is_the_one) {
      log_ << Json{{"killedBefore", *step}}.dump() << std::endl;
      ::kill(program_, SIGKILL);
      return;
    }
    if (is_armed && (is_broken_ || (is_the_one && (action_.kind == Kind::kFail ||
                                                   action_.kind == Kind::kFailFrom)))) {
      is_broken_ = action_.kind != Kind::kFail;
      return fail(thread, at, *step);
    }
    if (is_armed && is_the_one && (action_.kind == Kind::kLie || action_.kind == Kind::kLieFrom))
      (*step)["lie"] = true;
    make(thread, std::move(*step));
  }

  /// The call is made, and noted when it returns.
  void make(pid_t thread, Json step) {
    in_progress_[thread] = std::move(step);
    ::ptrace(PTRACE_SYSCALL, thread, nullptr, nullptr);
  }

  /// A call without a number is not made, and returns what stands in the register. @source
  /// ptrace(2), seccomp(2)
  void fail(pid_t thread, Registers& at, const Json& step) {
    log_ << Json{{"failed", step}}.dump() << std::endl;
    at.orig_rax = static_cast<decltype(at.orig_rax)>(-1);
    at.rax = static_cast<decltype(at.rax)>(-EIO);
    if (::ptrace(PTRACE_SETREGS, thread, nullptr, &at) != 0) give_up("ptrace registers");
    ::ptrace(PTRACE_CONT, thread, nullptr, nullptr);
  }

  void at_exit(pid_t thread) {
    Registers at{};
    const auto found = in_progress_.find(thread);
    if (found != in_progress_.end() && ::ptrace(PTRACE_GETREGS, thread, nullptr, &at) == 0) {
      auto& step = found->second;
      const auto result = static_cast<long long>(at.rax);
      step["result"] = result;
      if (step["call"] == "open" && result >= 0)
        step["inode"] = inode_of(descriptor(thread, at.rax));
      if (step["call"] == "mkdir") step["inode"] = inode_of(step["path"]);
      if (step["call"] == "write") step["offset"] = position(thread, at.rdi) - result;
      if (result >= 0) log_ << step.dump() << std::endl;
      if (step.contains("lie")) {
        log_ << Json{{"failed", step}}.dump() << std::endl;
        is_broken_ = action_.kind == Action::Kind::kLieFrom;
        at.rax = static_cast<decltype(at.rax)>(-EIO);
        if (::ptrace(PTRACE_SETREGS, thread, nullptr, &at) != 0) give_up("ptrace registers");
      }
      in_progress_.erase(found);
    }
    ::ptrace(PTRACE_CONT, thread, nullptr, nullptr);
  }

  std::string below_;
  std::string armed_file_;
  std::ofstream log_;
  Action action_;
  long looks_ = 0;
  pid_t program_;
  bool armed_ = false;
  bool is_broken_ = false;  ///< every call fails from now on
  long steps_ = 0;
  std::map<pid_t, Json> in_progress_;
};

pid_t program = 0;

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fputs("usage: file_steps FOLDER ARMED LOG ACTION PROGRAM ARGUMENTS…\n", stderr);
    return 125;
  }
  const auto action = parse_action(argv[4]);
  program = ::fork();
  if (program < 0) give_up("fork");
  if (program == 0) {
    trace_me(action.looks());
    ::execv(argv[5], argv + 5);
    give_up(argv[5]);
  }
  std::signal(SIGTERM, [](int) { ::kill(program, SIGTERM); });
  return Tracer(argv[1], argv[2], argv[3], action, program).run();
}
