// loadPatchType: signal. Finds the main process and signals it.
#pragma once

#include <stop_token>

#include "base/error.hpp"
#include "plugins/hot_update/game/audience.hpp"
#include "plugins/hot_update/game/notify_outcome.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// As notify(), by signal. A process that would be ended by the signal does not get it.
Result<NotifyOutcome> send_signal(const Settings& settings, const Audience& audience,
                                  const std::stop_token& stop);

}  // namespace okg::hot_update
