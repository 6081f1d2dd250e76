// What an operator should know of an update that succeeds.
#pragma once

#include "base/sha256.hpp"
#include "plugins/hot_update/ledger/entries.hpp"

namespace okg::hot_update {

/// Pods that are added later start from the URL, when it may no longer work.
void warn_if_url_expires(Outcome& outcome);

/// Another version with the same bytes may be a cache's mistake.
void warn_if_unchanged(Outcome& outcome, const LiveFile& before, const Sha256& sha256);

}  // namespace okg::hot_update
