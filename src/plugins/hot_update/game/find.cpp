#include "plugins/hot_update/game/find.hpp"

#include <unistd.h>

#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "base/text/visible.hpp"
#include "process/mounts.hpp"
#include "process/process_table.hpp"
#include "process/runtime.hpp"
#include "process/signal.hpp"
#include "process/title.hpp"

namespace okg::hot_update {
namespace {

using process::Candidate;
using process::Ranking;

constexpr std::size_t kMaxShownTitleBytes = 80;
constexpr std::size_t kMaxShownCandidates = 5;

/// "process 9 (tail -f game.log): the name is only a part of its command line; …"
std::string listed(const std::vector<Candidate>& candidates) {
  std::string list;
  std::size_t shown = 0;
  for (const auto& each : candidates) {
    if (each.chosen) continue;
    if (shown++ == kMaxShownCandidates) return list + "; …";
    append_listed(list, "; ", describe(each.process) + ": " + each.reason);
  }
  return list;
}

}  // namespace

process::Criteria criteria_of(const SignalSettings& settings) {
  return {settings.process_name,
          settings.signal,
          {settings.user, "signal.user"},
          {settings.container, "signal.container"},
          ::getpid()};
}

Ranking find_game(const SignalSettings& settings) {
  if (settings.process_name.empty()) return {};
  const auto criteria = criteria_of(settings);
  return process::rank(process::observe(criteria, process::Depth::kCandidates), criteria);
}

std::string describe(const process::Process& process) {
  return concat("process ", process.pid, " (",
                shortened(visible(process::shown_title(process)), kMaxShownTitleBytes), ")");
}

std::string name_of_game(const SignalSettings& settings) {
  return "signal.processName '" + settings.process_name + "'";
}

Error no_match(const SignalSettings& settings, const Ranking& ranking) {
  if (ranking.matches())
    return fail(ErrorCode::kNotFound, Reason::kGameNotFound,
                "no process that may be notified matches ", name_of_game(settings), ": ",
                listed(ranking.candidates));
  std::string message = "no process matches " + name_of_game(settings) + " among the " +
                        std::to_string(ranking.visible) + " that this container sees";
  for (std::size_t i = 0; i < ranking.candidates.size(); ++i)
    message += (i == 0 ? "; the nearest are " : ", ") + describe(ranking.candidates[i].process);
  if (process::hides_processes())
    return fail(ErrorCode::kNotFound, Reason::kGameNotFound, message,
                "; /proc shows it the processes of its own user alone (hidepid): run the sidecar "
                "as the game's user, or mount /proc without hidepid");
  return fail(ErrorCode::kNotFound, Reason::kGameNotFound, message,
              "; check the name against `ps` in the game's container or against GET "
              "/hot-update/processes, and that the pod has shareProcessNamespace: true");
}

std::string other_matches(const Ranking& ranking) {
  const auto list = listed(ranking.candidates);
  return list.empty() ? list : "; other matches: " + list;
}

Result<void> check_handled(const Candidate& candidate, const SignalSettings& settings) {
  const bool has_to_live = settings.settle.count() > 0;
  const bool is_meant_to_end = process::is_sent_to_end(settings.signal);
  const bool stops = process::stops_by_default(settings.signal);
  if (!settings.check_handler || (!stops && !process::ends_by_default(settings.signal)) ||
      (is_meant_to_end && !has_to_live) ||
      process::disposition_of(candidate.details, settings.signal) != process::Disposition::kDefault)
    return {};
  const auto hint = process::runtime_of(candidate.process, candidate.details).hint;
  return fail(ErrorCode::kInvalid, Reason::kSignalNotHandled, describe(candidate.process),
              " does not handle ", process::signal_name(settings.signal),
              stops ? ", which would stop it until SIGCONT" : ", which would end it",
              "; it was not sent. Check signal.signalName, and that the game installs its handler",
              (hint.empty() ? "" : " (" + std::string(hint) + ")"),
              "; for a game that waits for it with sigwait(3), which /proc does not show, set "
              "signal.checkHandler: false; for one that can handle none, loadPatchType: request",
              (is_meant_to_end ? "; for a game that restarts to reload, set "
                                 "signal.settleMilliseconds: 0"
                               : ""));
}

Result<void> check_mounts(const Settings& settings, const std::string& path) {
  const auto own = process::read_own_mounts();
  for (const auto& each : find_game(settings.signal).chosen())
    for (const auto& mount :
         process::mounts_inside(process::read_mounts(each.process), own, settings.file_dir))
      if (path == "." || mount.path == path || mount.path.starts_with(path + "/"))
        return fail(ErrorCode::kInvalid, Reason::kTargetIsMountPoint, describe(each.process),
                    " has something mounted at ", mount.point, ", which is '", mount.path,
                    "' of fileDir: it would lose it with the folder that is replaced; mount it "
                    "beside that folder");
  return {};
}

}  // namespace okg::hot_update
