// Refuses an update before it is queued.
#pragma once

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"
#include "plugins/hot_update/settings/settings.hpp"
#include "plugins/hot_update/work/work_status.hpp"
#include "source/policy.hpp"

namespace okg::hot_update {

/// The URL becomes the one that is fetched and recorded.
[[nodiscard]] Result<void> check_source(const source::Policy& policy, api::UpdateRequest& update);

/// Errors: kInvalid: a field is missing that the configuration requires,
/// the path is in the state directory, or it is one more than maxPaths.
[[nodiscard]] Result<void> check_request(const Settings& settings, const api::UpdateRequest& update,
                                         const LedgerState& state, const WorkStatus& work);

}  // namespace okg::hot_update
