// Which kept content a rollback, an order or an entry of the store means.
#pragma once

#include <optional>
#include <string>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/update/run/parts.hpp"
#include "results/entry.hpp"

namespace okg::hot_update {

/// The newest of the path that was updated last, unless
/// the request says more. Errors: NothingKept.
[[nodiscard]] Result<KeptContent> kept_for_rollback(const Parts& parts,
                                                    const api::UpdateRequest& request);

/// Kept content that is what an order names, and is whole.
[[nodiscard]] std::optional<KeptContent> kept_for_order(const Parts& parts,
                                                        const api::UpdateRequest& request);

/// Kept content that is what an entry of the store says, so that nothing is downloaded.
[[nodiscard]] std::optional<KeptContent> kept_for_entry(const Parts& parts, const std::string& path,
                                                        const results::Entry& entry);

}  // namespace okg::hot_update
