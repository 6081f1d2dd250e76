// Notifies the game of new content, in the way that loadPatchType names.
#pragma once

#include <stop_token>

#include "base/error.hpp"
#include "http/client/client.hpp"
#include "plugins/hot_update/game/audience.hpp"
#include "plugins/hot_update/game/notify_outcome.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// Notifies the game, waiting a while for one that is restarting just
/// now (signal.waitSeconds, request.timeoutSeconds). Without a process
/// for Audience::Who::kStartedBefore nobody is notified and all is
/// well, unless sidecarStartOrder says that the game has to be there.
/// Errors: kNotFound (no process matches), kForbidden (not permitted),
/// kInvalid (does not handle the signal), kUpstream, kUnavailable and
/// kTimeout (the request failed), kStopping; each with the cure.
Result<NotifyOutcome> notify(const Settings& settings, http::Client& client,
                             const Audience& audience, const std::stop_token& stop);

}  // namespace okg::hot_update
