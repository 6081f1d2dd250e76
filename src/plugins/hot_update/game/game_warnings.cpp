#include "plugins/hot_update/game/game_warnings.hpp"

#include <string>

#include "plugins/hot_update/game/find.hpp"
#include "process/mounts.hpp"
#include "process/process_table.hpp"
#include "process/signal.hpp"

namespace okg::hot_update {
namespace {

using process::Candidate;
using process::Ranking;

/// Also of one that was left out for another: it may be the game all the same.
void warn_of_orphans(const Ranking& ranking, Warnings& warnings) {
  for (const auto& each : ranking.candidates)
    if (each.origin == process::Origin::kUnknown && (each.chosen || each.is_rival))
      warnings.push_back(
          warn(Reason::kOrphanedProcess,
               describe(each.process) + (each.chosen ? " matches, and" : " was left out:") +
                   " who started it has ended: a daemon, or what `kubectl exec` left in the "
                   "background; start the game in the foreground or below `tini -s`, and end "
                   "what was left behind"));
}

/// Ignored, or not handled and of those that do nothing then, like SIGWINCH.
void warn_if_unheard(const Candidate& candidate, const SignalSettings& settings,
                     Warnings& warnings) {
  const auto disposition = process::disposition_of(candidate.details, settings.signal);
  const bool is_ignored = disposition == process::Disposition::kIgnored;
  const bool does_nothing = settings.check_handler &&
                            disposition == process::Disposition::kDefault &&
                            !process::ends_by_default(settings.signal);
  if (!is_ignored && !does_nothing) return;
  warnings.push_back(
      warn(Reason::kSignalIgnored,
           describe(candidate.process) + (is_ignored ? " ignores " : " does not handle ") +
               process::signal_name(settings.signal) + ", so that it hears nothing of an update"));
}

void warn_of_single_files(const Settings& settings, const Candidate& candidate,
                          Warnings& warnings) {
  const auto mounts = process::read_mounts(candidate.process);
  for (const auto& each :
       process::single_file_mounts(mounts, process::read_own_mounts(), settings.file_dir))
    warnings.push_back(
        warn(Reason::kSingleFileMounted,
             describe(candidate.process) + " has the single file '" + each.file +
                 "' of fileDir mounted at " + each.point +
                 " (a volumeMount with subPath): it never sees an update of it; mount the "
                 "folder instead"));
}

}  // namespace

Warnings warnings_about(const Settings& settings, const Ranking& ranking) {
  Warnings warnings;
  const auto chosen = ranking.chosen();
  if (chosen.size() > 1)
    warnings.push_back(warn(Reason::kSeveralProcesses,
                            std::to_string(chosen.size()) + " processes match " +
                                name_of_game(settings.signal) +
                                "; when only one of them is meant, give more of its command line, "
                                "signal.user or signal.container"));
  warn_of_orphans(ranking, warnings);
  for (const auto& each : chosen) {
    const auto signal = settings.signal.signal;
    if (signal > 0) warn_if_unheard(each, settings.signal, warnings);
    if (each.process.is_stopped)
      warnings.push_back(warn(Reason::kGameStopped,
                              describe(each.process) +
                                  " is stopped, by SIGSTOP or a debugger: it hears of the update "
                                  "when it goes on (SIGCONT)"));
    warn_of_single_files(settings, each, warnings);
  }
  return warnings;
}

Warnings warn_of_signals_not_taken(const NotifyOutcome& notified) {
  Warnings warnings;
  for (const auto& each : notified.processes) {
    const auto& process = each.handle.process();
    if (process.is_stopped) continue;
    if (!process::is_pending(process::read_details(process), notified.signal)) continue;
    warnings.push_back(warn(Reason::kSignalIgnored,
                            describe(process) + " has not taken " + notified.by +
                                " yet: it blocks it and does not read it (sigwait, signalfd), or "
                                "hangs in a call of the kernel (state D of ps); it hears of the "
                                "update when it takes it"));
  }
  return warnings;
}

}  // namespace okg::hot_update
