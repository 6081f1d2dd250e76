#include "process/signal.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <optional>
#include <sstream>
#include <vector>

#include "base/closest.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace okg::process {
namespace {

struct Named {
  std::string_view name;
  int number;
};
/// The first name of a number is the one we print.
constexpr std::array kSignals{
    Named{"SIGHUP", SIGHUP},       Named{"SIGINT", SIGINT},       Named{"SIGQUIT", SIGQUIT},
    Named{"SIGILL", SIGILL},       Named{"SIGTRAP", SIGTRAP},     Named{"SIGABRT", SIGABRT},
    Named{"SIGBUS", SIGBUS},       Named{"SIGFPE", SIGFPE},       Named{"SIGKILL", SIGKILL},
    Named{"SIGUSR1", SIGUSR1},     Named{"SIGSEGV", SIGSEGV},     Named{"SIGUSR2", SIGUSR2},
    Named{"SIGPIPE", SIGPIPE},     Named{"SIGALRM", SIGALRM},     Named{"SIGTERM", SIGTERM},
    Named{"SIGSTKFLT", SIGSTKFLT}, Named{"SIGCHLD", SIGCHLD},     Named{"SIGCONT", SIGCONT},
    Named{"SIGSTOP", SIGSTOP},     Named{"SIGTSTP", SIGTSTP},     Named{"SIGTTIN", SIGTTIN},
    Named{"SIGTTOU", SIGTTOU},     Named{"SIGURG", SIGURG},       Named{"SIGXCPU", SIGXCPU},
    Named{"SIGXFSZ", SIGXFSZ},     Named{"SIGVTALRM", SIGVTALRM}, Named{"SIGPROF", SIGPROF},
    Named{"SIGWINCH", SIGWINCH},   Named{"SIGIO", SIGIO},         Named{"SIGPWR", SIGPWR},
    Named{"SIGSYS", SIGSYS},       Named{"SIGIOT", SIGABRT},      Named{"SIGPOLL", SIGIO},
    Named{"SIGCLD", SIGCHLD},      Named{"SIGUNUSED", SIGSYS},
};
constexpr int kLastSignal = 64;

/// "SIGRTMIN", "SIGRTMIN+3", "SIGRTMAX-1".
std::optional<int> real_time(std::string_view name) {
  const bool from_min = name.starts_with("SIGRTMIN");
  if (!from_min && !name.starts_with("SIGRTMAX")) return std::nullopt;
  const int base = from_min ? SIGRTMIN : SIGRTMAX;
  name.remove_prefix(8);
  if (name.empty()) return base;
  if (name.front() != (from_min ? '+' : '-')) return std::nullopt;
  const auto offset = parse_whole<int>(name.substr(1));
  if (!offset || *offset < 0 || *offset > SIGRTMAX - SIGRTMIN) return std::nullopt;
  return from_min ? base + *offset : base - *offset;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789", text.front() == '-' ? 1 : 0) ==
                              std::string_view::npos;
}

/// "; did you mean SIGHUP?", or what can be written at all. `name` is in capitals and begins with
/// SIG.
std::string advice(std::string_view name) {
  if (name.starts_with("SIGRTMIN") || name.starts_with("SIGRTMAX"))
    return "; real-time signals are SIGRTMIN to SIGRTMIN+" + std::to_string(SIGRTMAX - SIGRTMIN) +
           " and SIGRTMAX-" + std::to_string(SIGRTMAX - SIGRTMIN) + " to SIGRTMAX";
  std::vector<std::string_view> names{"SIGRTMIN", "SIGRTMAX"};
  for (const auto& signal : kSignals) names.push_back(signal.name);
  const auto hint = name == "SIG" ? std::string() : did_you_mean(name, names);
  return hint.empty() ? "; write one like SIGHUP or SIGUSR1" : hint;
}

Error gone(std::string_view whom) { return {ErrorCode::kNotFound, std::string(whom) + " is gone"}; }

Result<unique_fd> open_process(pid_t pid, std::string_view whom) {
  unique_fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (pidfd) return pidfd;
  switch (errno) {
    case ESRCH: return gone(whom);
    case ENOSYS:
      return fail(
          ErrorCode::kInternal,
          "cannot signal " + std::string(whom) +
              ": this kernel has no pidfd_open; run the pod on a node with Linux 5.3 or later");
    // The kernel itself never answers this; older seccomp profiles do for calls they do not know.
    case EPERM:
      return fail(
          ErrorCode::kForbidden,
          "cannot signal " + std::string(whom) +
              ": pidfd_open is not permitted, probably by the container's seccomp profile; allow "
              "pidfd_open and pidfd_send_signal (securityContext.seccompProfile)");
    default: return errno_error("pidfd_open of " + std::string(whom), errno);
  }
}

}  // namespace

Result<int> parse_signal(std::string_view text) {
  const auto not_one = "'" + std::string(text) + "' is not a signal";
  if (is_number(text)) {
    const auto number = parse_whole<int>(text);
    if (number && *number >= 1 && *number <= kLastSignal) return *number;
    return fail(ErrorCode::kInvalid, not_one + "; signals have the numbers 1 to 64");
  }
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (!name.starts_with("SIG")) name = "SIG" + name;
  for (const auto& signal : kSignals)
    if (name == signal.name) return signal.number;
  if (const auto number = real_time(name)) return *number;
  return fail(ErrorCode::kInvalid, not_one + advice(name));
}

std::string signal_name(int signal) {
  for (const auto& known : kSignals)
    if (known.number == signal) return std::string(known.name);
  if (signal >= SIGRTMIN && signal <= SIGRTMAX)
    return "SIGRTMIN" + (signal == SIGRTMIN ? "" : "+" + std::to_string(signal - SIGRTMIN));
  return "signal " + std::to_string(signal);
}

Result<Disposition> disposition_of(pid_t pid, int signal, const std::filesystem::path& proc) {
  if (signal < 1 || signal > kLastSignal)
    return fail(ErrorCode::kInvalid, std::to_string(signal) + " is not a signal");
  const auto whom = "process " + std::to_string(pid);
  auto text = read_file(proc / std::to_string(pid) / "status", 64 * 1024);
  if (!text && text.error().code == ErrorCode::kForbidden) return text.error();
  // A zombie still has the file, and no handlers any more.
  if (!text || text->find("\nState:\tZ") != std::string::npos) return gone(whom);
  const auto has = [&](std::string_view field) {
    const auto at = text->find("\n" + std::string(field) + ":");
    if (at == std::string::npos) return false;
    std::istringstream value(text->substr(at + field.size() + 2, 32));
    std::uint64_t mask = 0;
    value >> std::hex >> mask;
    return ((mask >> static_cast<unsigned>(signal - 1)) & 1U) != 0;
  };
  if (has("SigCgt")) return Disposition::kCaught;
  if (has("SigIgn")) return Disposition::kIgnored;
  if (has("SigBlk")) return Disposition::kBlocked;
  return Disposition::kDefault;
}

bool ends_a_process_by_default(int signal) {
  static constexpr std::array kNotMeantToBeCaught{SIGTERM, SIGKILL, SIGINT,  SIGQUIT, SIGABRT,
                                                  SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN,
                                                  SIGTTOU, SIGURG,  SIGWINCH};
  return std::find(kNotMeantToBeCaught.begin(), kNotMeantToBeCaught.end(), signal) ==
         kNotMeantToBeCaught.end();
}

Result<void> send_signal(const Process& process, int signal, const std::filesystem::path& proc) {
  const auto whom = "process " + std::to_string(process.pid) + " (" + process.comm + ")";
  const auto pidfd = open_process(process.pid, whom);
  if (!pidfd) return pidfd.error();
  // The descriptor now holds on to one process; whether it is the one that was found is seen by its
  // start time.
  const auto same = read_process(process.pid, proc);
  if (!same || same->start_ticks != process.start_ticks) return gone(whom);
  if (::syscall(SYS_pidfd_send_signal, pidfd->get(), signal, nullptr, 0) == 0) return {};
  if (errno == ESRCH) return gone(whom);
  if (errno == EPERM) {
    const auto user = user_of(process.pid, proc);
    return fail(ErrorCode::kForbidden,
                "not permitted to send " + signal_name(signal) + " to " + whom +
                    ": it runs as user " + (user ? std::to_string(*user) : "unknown") +
                    " and the sidecar as user " + std::to_string(::geteuid()) +
                    "; run both as the same user (securityContext.runAsUser), or give the sidecar "
                    "the capability KILL");
  }
  return errno_error("send " + signal_name(signal) + " to " + whom, errno);
}

}  // namespace okg::process
