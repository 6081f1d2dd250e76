// Warnings of an update that succeeds, for the operator.
#pragma once

#include "plugins/hot_update/ledger/entries.hpp"

namespace okg::hot_update {

/// Pods that are added later start from the URL, when it may no longer work.
void warn_if_url_expires(Outcome& outcome);

/// Whether it is another version with the bytes of the one before.
[[nodiscard]] bool is_unchanged(const Outcome& outcome, const LiveContent& before);
/// That may be a cache's mistake.
void warn_of_unchanged_content(Outcome& outcome, const LiveContent& before);

/// Whoever sends a signature takes it to be verified.
void warn_of_unverified_signature(Outcome& outcome);

}  // namespace okg::hot_update
