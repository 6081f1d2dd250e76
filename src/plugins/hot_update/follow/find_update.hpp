// Looks for an update by its id: among those that are queued, in progress or ended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/update_view.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/work/worker.hpp"

namespace okg::hot_update {

/// `progress` is that of the update in progress. Nothing: there is
/// none, or it ended so long ago that the ledger has forgotten it.
[[nodiscard]] std::optional<api::UpdateView> find_update(const std::string& id,
                                                         const Ledger& ledger, const Worker& worker,
                                                         const api::Progress& progress);

/// All that find_update() finds by their ids: those that ended, oldest
/// first, the one in progress, what a crash left, then those that wait, in their order.
[[nodiscard]] std::vector<api::UpdateView> find_updates(const Ledger& ledger, const Worker& worker,
                                                        const api::Progress& progress);

}  // namespace okg::hot_update
