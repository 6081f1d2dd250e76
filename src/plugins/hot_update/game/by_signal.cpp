#include "plugins/hot_update/game/by_signal.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "base/time/wait.hpp"
#include "plugins/hot_update/game/find.hpp"
#include "plugins/hot_update/game/game_warnings.hpp"
#include "plugins/hot_update/game/watch.hpp"
#include "process/signal.hpp"

namespace okg::hot_update {
namespace {

using Clock = std::chrono::steady_clock;
using process::Candidate;
constexpr std::chrono::milliseconds kLookAgain{50};

/// With what lets one user's process send signals to another's.
Error send_error(const Error& error) {
  if (error.code != ErrorCode::kForbidden || error.reason != Reason::kSignalNotPermitted)
    return error;
  return error.advise(
      "run both as the same user (securityContext.runAsUser), or the sidecar as user 0 with the "
      "capability KILL");
}

Result<NotifyOutcome> send_to_all(const Settings& settings, const process::Ranking& ranking,
                                  const std::vector<Candidate>& audience) {
  auto held = hold(audience);
  if (!held) return held.error();
  const auto signal = settings.signal.signal;
  auto warnings = warnings_about(settings, ranking);
  NotifyOutcome outcome{process::signal_name(signal) + " sent to ", true,
                        process::signal_name(signal), std::move(*held)};
  for (std::size_t i = 0; i < outcome.processes.size(); ++i) {
    const auto& handle = outcome.processes[i].handle;
    if (auto ok = handle.send(signal); !ok) return send_error(ok.error());
    outcome.message += (i == 0 ? "" : ", ") + describe(handle.process());
  }
  outcome.signal = signal;
  outcome.add(std::move(warnings));
  return outcome;
}

Result<void> check_all_handled(const std::vector<Candidate>& audience,
                               const SignalSettings& settings, const process::Ranking& ranking) {
  if (audience.empty()) return no_match(settings, ranking);
  for (const auto& each : audience)
    if (auto ok = check_handled(each, settings); !ok)
      return fail(ok.error().code, ok.error().reason, ok.error().message + other_matches(ranking));
  return {};
}

}  // namespace

Result<NotifyOutcome> send_signal(const Settings& settings, const Audience& audience,
                                  const std::stop_token& stop) {
  const auto deadline = Clock::now() + settings.signal.wait;
  for (;;) {
    const auto ranking = find_game(settings.signal);
    auto chosen = ranking.chosen();
    if (audience.who == Audience::Who::kStartedBefore) {
      if (chosen.empty() && !settings.main_process_expected)
        return NotifyOutcome{"no main process yet: it reads the content when it starts"};
      const bool nobody_runs = chosen.empty();
      std::erase_if(chosen, [&](auto& each) { return audience.has_read_it(each.process); });
      if (chosen.empty() && !nobody_runs) return NotifyOutcome{kStartedAfter};
    }
    const auto ready = check_all_handled(chosen, settings.signal, ranking);
    if (ready) return send_to_all(settings, ranking, chosen);
    if (Clock::now() >= deadline || !wait_for(stop, kLookAgain)) return ready.error();
  }
}

}  // namespace okg::hot_update
