// An update that waits for the worker.
#pragma once

#include <functional>
#include <optional>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"

namespace okg::hot_update {

/// The hooks of a job that the pod's order asks for, and
/// no caller. They are called from the worker's thread.
struct OrderHooks {
  /// Whether it is still ordered, as it is about to begin.
  std::function<bool()> may_begin;
  /// Instead of on_end: its content is live already, and nothing was done.
  std::function<void()> on_live_already;
};

/// An update that somebody waits for.
struct Job {
  /// Hears how it ended; an error: it did not begin, because the
  /// sidecar stops (kStopping), or it is an order that no longer stands
  /// (kConflict). An order's is called before anybody else hears.
  using OnEnd = std::function<void(const Result<Outcome>&)>;

  api::UpdateRequest request;
  OnEnd on_end;
  std::optional<OrderHooks> order{};
};

}  // namespace okg::hot_update
