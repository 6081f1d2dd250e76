// How far an order has come, from the moment that the pod sees it.
#pragma once

#include <string>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"
#include "plugins/hot_update/ledger/seen_orders.hpp"

namespace okg::hot_update {

[[nodiscard]] bool has_succeeded(OutcomeKind kind);
/// The order is on hold or queued: it has not ended.
[[nodiscard]] bool is_open(OrderResult result);
[[nodiscard]] bool has_ended_well(OrderResult result);
/// A start tries once more what failed, and looks whether what succeeded
/// is still there; what the game was not healthy on would only disturb it,
/// and what somebody cancelled was not wanted.
[[nodiscard]] bool is_due_at_start(OrderResult result);

/// Now it has this result, for this reason.
void set_result(SeenOrder& seen, OrderResult result, const Error& error = {});
/// The update that was queued for it has ended with this.
void set_outcome(SeenOrder& seen, const Outcome& ended);
/// An update that somebody asked for later has replaced what was ordered.
void set_overtaken(SeenOrder& seen, const Outcome& by);

}  // namespace okg::hot_update
