// The game lives and is healthy after it was notified.
#pragma once

#include <stop_token>

#include "base/error.hpp"
#include "http/client/client.hpp"
#include "plugins/hot_update/game/notify_outcome.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// Whether anything is looked at: processes for
/// signal.settleMilliseconds, or a check of `confirm`.
[[nodiscard]] bool is_checked(const Settings& settings, const NotifyOutcome& outcome);

/// Watches the game's processes for signal.settleMilliseconds. Then
/// checks again and again until every check of `confirm` has held twice
/// in a row, at confirm.intervalMilliseconds from each other and from the
/// notification, and the processes have lived for processAliveSeconds.
/// Errors: kUpstream when a process ended; kTimeout, saying which check
/// did not hold until timeoutSeconds had passed; kStopping.
Result<void> check_health(const Settings& settings, http::Client& client,
                          const NotifyOutcome& outcome, const std::stop_token& stop);

}  // namespace okg::hot_update
