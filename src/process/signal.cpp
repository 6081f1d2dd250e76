#include "process/signal.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "base/text/closest.hpp"

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

/// "; did you mean SIGHUP?", or what can be written
/// at all. `name` is in capitals and begins with SIG.
std::string advice(std::string_view name) {
  if (name.starts_with("SIGRTMIN") || name.starts_with("SIGRTMAX"))
    return "; real-time signals are SIGRTMIN to SIGRTMIN+" + std::to_string(SIGRTMAX - SIGRTMIN) +
           " and SIGRTMAX-" + std::to_string(SIGRTMAX - SIGRTMIN) + " to SIGRTMAX";
  std::vector<std::string_view> names{"SIGRTMIN", "SIGRTMAX"};
  for (const auto& signal : kSignals) names.push_back(signal.name);
  const auto hint = name == "SIG" ? std::string() : did_you_mean(name, names);
  return hint.empty() ? "; write one like SIGHUP or SIGUSR1" : hint;
}

}  // namespace

Result<int> parse_signal(std::string_view text) {
  const auto not_one = "'" + std::string(text) + "' is not a signal";
  if (is_number(text)) {
    const auto number = parse_whole<int>(text);
    if (number && *number >= 1 && *number <= kLastSignal) return *number;
    return fail(ErrorCode::kInvalid, not_one, "; signals have the numbers 1 to 64");
  }
  std::string name(text);
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (!name.starts_with("SIG")) name = "SIG" + name;
  for (const auto& signal : kSignals)
    if (name == signal.name) return signal.number;
  if (const auto number = real_time(name)) return *number;
  return fail(ErrorCode::kInvalid, not_one, advice(name));
}

std::string signal_name(int signal) {
  for (const auto& known : kSignals)
    if (known.number == signal) return std::string(known.name);
  if (signal >= SIGRTMIN && signal <= SIGRTMAX)
    return "SIGRTMIN" + (signal == SIGRTMIN ? "" : "+" + std::to_string(signal - SIGRTMIN));
  return "signal " + std::to_string(signal);
}

bool ends_by_default(int signal) {
  static constexpr std::array kHarmless{SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP,
                                        SIGTTIN, SIGTTOU, SIGURG,  SIGWINCH};
  return std::ranges::find(kHarmless, signal) == kHarmless.end();
}

bool stops_by_default(int signal) {
  static constexpr std::array kStops{SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
  return std::ranges::find(kStops, signal) != kStops.end();
}

bool is_sent_to_end(int signal) {
  static constexpr std::array kEnding{SIGTERM, SIGKILL, SIGINT, SIGQUIT, SIGABRT};
  return std::ranges::find(kEnding, signal) != kEnding.end();
}

}  // namespace okg::process
