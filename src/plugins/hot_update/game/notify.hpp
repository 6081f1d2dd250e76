// Trigger: tells the game to reload, in the way that loadPatchType names.
#pragma once

#include <optional>
#include <stop_token>

#include "base/error.hpp"
#include "base/timestamp.hpp"
#include "http/client/client.hpp"
#include "plugins/hot_update/game/notify_outcome.hpp"
#include "plugins/hot_update/settings.hpp"

namespace okg::hot_update {

/// Tells the game, waiting a while for one that is restarting just now (signal.waitSeconds,
/// request.timeoutSeconds). `content_since`: the game may have started by itself after that moment,
/// or not yet. It is told only if it started before; that none is there is fine then, since it
/// reads the content when it starts, unless sidecarStartOrder says that it has to be. Errors:
/// kNotFound (no process matches), kForbidden (not permitted), kInvalid (does not handle the
/// signal), kUpstream, kUnavailable and kTimeout (the request failed), kStopping; each with the
/// cure.
Result<NotifyOutcome> trigger(const Settings& settings, http::Client& client,
                              std::optional<Timestamp> content_since, const std::stop_token& stop);

}  // namespace okg::hot_update
