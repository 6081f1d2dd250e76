// loadPatchType: request. Calls the game's own reload endpoint.
#pragma once

#include <stop_token>

#include "base/error.hpp"
#include "http/client/client.hpp"
#include "plugins/hot_update/game/audience.hpp"
#include "plugins/hot_update/game/notify_outcome.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// As notify(), by HTTP. A game that does not listen (yet)
/// is tried again until request.timeoutSeconds have passed.
Result<NotifyOutcome> send_request(const Settings& settings, http::Client& client,
                                   const Audience& audience, const std::stop_token& stop);

}  // namespace okg::hot_update
