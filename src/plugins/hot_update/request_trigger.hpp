// loadPatchType: request. Calls the game's own reload endpoint.
#pragma once

#include <optional>
#include <stop_token>

#include "http/client.hpp"
#include "plugins/hot_update/trigger.hpp"

namespace okg::hot_update {

/// As trigger(), by HTTP. A game that does not listen (yet) is tried again until
/// request.timeoutSeconds have passed.
Result<TriggerOutcome> send_request(const Settings& settings, http::Client& client,
                                    std::optional<Timestamp> content_since,
                                    const std::stop_token& stop);

}  // namespace okg::hot_update
