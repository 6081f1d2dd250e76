// The game's process, as signal.processName, signal.user and signal.container mean it.
#pragma once

#include <string>

#include "base/error.hpp"
#include "plugins/hot_update/settings/settings.hpp"
#include "process/rank.hpp"

namespace okg::hot_update {

/// The game that find_game() looks for.
[[nodiscard]] process::Criteria criteria_of(const SignalSettings& settings);

/// The processes that are visible at this moment, ranked. Empty without a processName.
[[nodiscard]] process::Ranking find_game(const SignalSettings& settings);

/// "process 7 (nginx: master process nginx)": its command
/// line with secrets masked, or its name where that is blank.
[[nodiscard]] std::string describe(const process::Process& process);

/// "signal.processName 'nginx'"
[[nodiscard]] std::string name_of_game(const SignalSettings& settings);

/// Nothing was chosen: which processes there are, and why it is none of them.
[[nodiscard]] Error no_match(const SignalSettings& settings, const process::Ranking& ranking);

/// "; other matches: process 9 (tail -f game.log):
/// …": those that were not chosen. May be empty.
[[nodiscard]] std::string other_matches(const process::Ranking& ranking);

/// An error when the signal would end the process and must not.
[[nodiscard]] Result<void> check_handled(const process::Candidate& candidate,
                                         const SignalSettings& settings);

/// An error when a chosen process has something mounted in the folder of that
/// path. A mount of another container is not seen where the folder is renamed.
[[nodiscard]] Result<void> check_mounts(const Settings& settings, const std::string& path);

}  // namespace okg::hot_update
