#include "plugins/hot_update/validate_live.hpp"

#include <utility>

#include "base/io/path.hpp"
#include "plugins/hot_update/game/by_signal.hpp"
#include "plugins/hot_update/game/find.hpp"
#include "plugins/hot_update/game/game_warnings.hpp"

namespace okg::hot_update {

sidecar::LiveReport validate_live(const Settings& settings) {
  sidecar::LiveReport report;
  if (is_below(settings.state_dir, settings.file_dir))
    report.notes.push_back("stateDir " + settings.state_dir.string() +
                           " is in fileDir, where a game that serves its files as this user can "
                           "show it: put fileDir and stateDir beside each other on the volume");
  const auto& signal = settings.signal;
  if (signal.process_name.empty()) return report;
  const auto ranking = find_game(signal);
  const auto chosen = ranking.chosen();
  if (chosen.empty()) report.warnings.push_back(no_match(signal, ranking).message);
  if (chosen.empty()) return report;
  for (auto& each : warnings_about(settings, ranking))
    report.warnings.push_back(std::move(each.message));
  for (const auto& each : chosen) {
    if (settings.load_patch_type == LoadPatchType::kSignal)
      if (auto ok = check_handled(each, signal); !ok) report.warnings.push_back(ok.error().message);
    report.notes.push_back("the game is " + describe(each.process));
  }
  return report;
}

}  // namespace okg::hot_update
