// Whether content is what is live, as the ledger and the disk say.
#pragma once

#include <string>

#include "api/update_request.hpp"
#include "plugins/hot_update/update/run/parts.hpp"
#include "results/entry.hpp"

namespace okg::hot_update {

/// Whether `wanted` is what is live at `path`.
[[nodiscard]] bool is_live(const Parts& parts, const std::string& path,
                           const results::Entry& wanted);

/// Whether the content that an order names is live, under that name.
[[nodiscard]] bool is_live_as_ordered(const Parts& parts, const api::UpdateRequest& request);

}  // namespace okg::hot_update
