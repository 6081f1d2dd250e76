// Whether an update is taken at all, before it is queued.
#pragma once

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"
#include "plugins/hot_update/settings/settings.hpp"
#include "plugins/hot_update/work/worker.hpp"
#include "source/policy.hpp"

namespace okg::hot_update {

/// The URL becomes the one that is fetched and recorded.
[[nodiscard]] Result<void> check_source(const source::Policy& policy, api::UpdateRequest& update);

/// Refuses what lacks a required field, a path of the state directory, and one path more than
/// maxPaths: each costs a place in the journal and in the ConfigMap.
[[nodiscard]] Result<void> check_paths(const Settings& settings, const api::UpdateRequest& update,
                                       const LedgerState& state, const WorkStatus& work);

}  // namespace okg::hot_update
