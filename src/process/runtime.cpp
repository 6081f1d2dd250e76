#include "process/runtime.hpp"

#include <array>
#include <bit>

namespace okg::process {
namespace {

struct Known {
  std::string_view program;  ///< how the name of its program begins
  Runtime runtime;
};
constexpr std::array kKnown{
    Known{"java",
          {"Java",
           "the Java runtime handles SIGHUP, SIGINT and SIGTERM by ending, and crashes of SIGUSR2; "
           "handle the signal with sun.misc.Signal"}},
    Known{"node",
          {"Node.js",
           "Node.js ends of SIGHUP and SIGUSR2 and opens its debugger on SIGUSR1; handle the "
           "signal with process.on"}},
    Known{"python", {"Python", "handle the signal with signal.signal"}},
    Known{"lua", {"Lua", "Lua itself handles no signal; use luaposix"}},
    Known{"php-fpm", {"PHP-FPM", "PHP-FPM reloads on SIGUSR2 and SIGHUP"}},
    Known{"haproxy",
          {"HAProxy",
           "HAProxy reloads on SIGUSR2 when it was started with -W, and stops on SIGUSR1"}},
    Known{"nginx", {"nginx", "nginx reloads on SIGHUP"}},
};
constexpr Runtime kGo{"Go",
                      "the Go runtime handles nearly every signal itself, and ends of SIGHUP, "
                      "SIGINT and SIGTERM unless the program asks for it with signal.Notify"};
/// The Go runtime installs a handler for all but
/// about eight of the 64 signals. Nothing else does.
/// @source runtime/signal_unix.go, initsig
constexpr int kGoHandlers = 50;

}  // namespace

Runtime runtime_of(const Process& process, const Details& details) {
  if (std::popcount(details.caught) >= kGoHandlers) return kGo;
  for (const auto& known : kKnown)
    if (process.argv0_base.starts_with(known.program) || process.comm.starts_with(known.program))
      return known.runtime;
  return {};
}

}  // namespace okg::process
