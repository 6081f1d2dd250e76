// Warnings about a game that can be notified, or was.
#pragma once

#include "base/warning.hpp"
#include "plugins/hot_update/game/notify_outcome.hpp"
#include "plugins/hot_update/settings/settings.hpp"
#include "process/rank.hpp"

namespace okg::hot_update {

/// Of the chosen processes, one sentence each: that there are several, that one is
/// stopped or ignores the signal, that one has mounted a single file.
[[nodiscard]] Warnings warnings_about(const Settings& settings, const process::Ranking& ranking);

/// Of those that have not taken the signal they were
/// sent. Of a stopped one its warnings say so already.
[[nodiscard]] Warnings warn_of_signals_not_taken(const NotifyOutcome& notified);

}  // namespace okg::hot_update
