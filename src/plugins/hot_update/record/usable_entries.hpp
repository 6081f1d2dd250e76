// Stored entries are input like any other: what a pod takes of what the store says that it should
// run.
#pragma once

#include "plugins/hot_update/settings/settings.hpp"
#include "results/result_store.hpp"

namespace okg::hot_update {

/// Entries that this pod can use; the others are in `ignored`, each with why and what to do, and
/// logged. None holds up the pod or another entry.
[[nodiscard]] results::Wanted usable_entries(results::Wanted wanted, const LatestSettings& settings,
                                             const ContentRules& rules = {});

}  // namespace okg::hot_update
