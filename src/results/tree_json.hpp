// A tree entry as JSON:
// {"format":"archive","mode":"mirror","files":200,"bytes":…,"digest":"…"}, with
// stripComponents, include, exclude and nameEncoding where they were given.
#pragma once

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "results/tree_entry.hpp"

namespace okg::results {

[[nodiscard]] nlohmann::ordered_json to_json(const TreeEntry& tree);
/// Errors: kInvalid, also for a format or mode of a newer release.
[[nodiscard]] Result<TreeEntry> tree_from_json(const nlohmann::ordered_json& json);

}  // namespace okg::results
