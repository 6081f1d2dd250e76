#include "plugins/hot_update/game/by_signal.hpp"

#include <chrono>

#include "base/wait.hpp"
#include "plugins/hot_update/game/main_process.hpp"
#include "process/signal.hpp"

namespace okg::hot_update {
namespace {

using Clock = std::chrono::steady_clock;
using process::Process;
constexpr std::chrono::milliseconds kLookAgain{50};

Error no_match(const SignalSettings& settings, std::size_t visible) {
  return {ErrorCode::kNotFound, "no process matches signal.processName '" + settings.process_name +
                                    "' among the " + std::to_string(visible) +
                                    " that this container sees; check the name against `ps` in the "
                                    "game's container, and that the pod "
                                    "has shareProcessNamespace: true"};
}

/// An error when the signal would end the process instead of telling it something.
Result<void> check_handled(const Process& process, int signal) {
  auto disposition = process::disposition_of(process.pid, signal);
  if (!disposition) return disposition.error();
  if (*disposition != process::Disposition::kDefault) return {};
  return fail(ErrorCode::kInvalid, describe(process) + " does not handle " +
                                       process::signal_name(signal) +
                                       ", which would end it; it was not sent. Check "
                                       "signal.signalName, and that the game installs "
                                       "its handler; for a game that waits for it with sigwait(3), "
                                       "which /proc does not show, set "
                                       "signal.checkHandler: false");
}

Result<void> check_all_handled(const std::vector<Process>& processes,
                               const SignalSettings& settings) {
  if (!settings.check_handler || !process::ends_a_process_by_default(settings.signal)) return {};
  for (const auto& process : processes)
    if (auto ok = check_handled(process, settings.signal); !ok) return ok;
  return {};
}

Result<NotifyOutcome> send_to_all(std::vector<Process> processes, int signal) {
  std::string message = process::signal_name(signal) + " sent to ";
  for (std::size_t i = 0; i < processes.size(); ++i) {
    if (auto ok = process::send_signal(processes[i], signal); !ok) return ok.error();
    message += (i == 0 ? "" : ", ") + describe(processes[i]);
  }
  return NotifyOutcome{std::move(message), true, std::move(processes)};
}

}  // namespace

Result<NotifyOutcome> send_signal(const Settings& settings, const Audience& audience,
                                  const std::stop_token& stop) {
  const auto deadline = Clock::now() + settings.signal.wait;
  for (;;) {
    auto [processes, visible] = find_main_process(settings.signal);
    if (audience.who == Audience::Who::kStartedBefore) {
      if (processes.empty() && !settings.main_process_expected)
        return NotifyOutcome{"no main process yet: it reads the content when it starts"};
      auto older = processes;
      std::erase_if(older, [&](const Process& process) {
        return process::started_at(process) > audience.content_live_since;
      });
      if (older.empty() && !processes.empty())
        return NotifyOutcome{"the main process started after the content was in place", false,
                             std::move(processes)};
      processes = std::move(older);
    }
    auto ready = processes.empty() ? Result<void>(no_match(settings.signal, visible))
                                   : check_all_handled(processes, settings.signal);
    if (ready) return send_to_all(std::move(processes), settings.signal.signal);
    if (Clock::now() >= deadline || !wait_for(stop, kLookAgain)) return ready.error();
  }
}

}  // namespace okg::hot_update
