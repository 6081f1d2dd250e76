// The game's processes, held from before they
// are notified, so that the end of one is seen.
#pragma once

#include <chrono>
#include <stop_token>
#include <vector>

#include "base/error.hpp"
#include "plugins/hot_update/game/notify_outcome.hpp"
#include "process/rank.hpp"

namespace okg::hot_update {

/// Errors: as process::Handle::open().
Result<std::vector<WatchedProcess>> hold(const std::vector<process::Candidate>& candidates);
/// Those that can be held. Of the others the end is not seen.
[[nodiscard]] std::vector<WatchedProcess> hold_what_can_be(
    const std::vector<process::Candidate>& candidates);

/// Watches them for `duration`. Errors: kUpstream when one ends, with
/// what its runtime does with signals and what to do; kStopping.
Result<void> watch(const NotifyOutcome& outcome, std::chrono::milliseconds duration,
                   const std::stop_token& stop);

}  // namespace okg::hot_update
