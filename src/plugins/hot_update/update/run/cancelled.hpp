// How an update ends that somebody cancelled.
#pragma once

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"

namespace okg::hot_update {

[[nodiscard]] Error cancelled();

/// The outcome of one that was still queued. It has no number before it is journaled.
[[nodiscard]] Outcome cancelled_outcome(const api::UpdateRequest& request, Timestamp at);

}  // namespace okg::hot_update
