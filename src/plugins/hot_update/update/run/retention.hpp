// How long kept content stays: keepVersions, keepBytes, and what the ledger still names.
#pragma once

#include <string>
#include <vector>

#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/update/run/parts.hpp"

namespace okg::hot_update {

/// Notes how large the newly kept content is, where keepBytes
/// asks for that. To be called before the update has ended.
void count_kept(const Parts& parts, UpdateEnd& end);

/// Names of kept content that is more than keepBytes
/// once the update has ended so, the oldest.
[[nodiscard]] std::vector<std::string> beyond_keep_bytes(const Parts& parts, const UpdateEnd& end);

/// Deletes kept content that the ledger does not name, and
/// what is left in staging. To be called between two updates.
void tidy(const Parts& parts);

}  // namespace okg::hot_update
