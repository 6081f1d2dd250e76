// The pod's annotation `okg-sidecar.io/observed`: the outcome of each order.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "plugins/hot_update/ledger/ledger_state.hpp"
#include "plugins/hot_update/ledger/seen_orders.hpp"

namespace okg::hot_update {

inline constexpr std::size_t kMaxObservedBytes = std::size_t{8} << 10U;

/// {PATH:{"by","version","sha256","result","reason","message","previous":{"version","url","sha256"},
/// "at"}}; what is empty is left out. The path "" stands for
/// an order that cannot be read at all. Empty when there is
/// nothing to say. Beyond kMaxObservedBytes it says less of
/// each path, and at last leaves out the last paths.
[[nodiscard]] std::string observed_text(const SeenOrders& orders);

/// The new text of the annotation, where it differs; empty: the annotation has to go.
struct ObservedChange {
  std::string text;
  std::string digest;  ///< of `text`, for Ledger::mark_observed()
};
[[nodiscard]] std::optional<ObservedChange> observed_change(const LedgerState& state);
/// Whether to write it without a result: no order is still on its way.
[[nodiscard]] bool is_observed_due(const LedgerState& state);

}  // namespace okg::hot_update
