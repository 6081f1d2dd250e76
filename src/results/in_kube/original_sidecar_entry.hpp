// Reads the entries that the original sidecar (magicsong/kidecar)
// left in the result ConfigMap, so that its users keep their versions.
#pragma once

#include <string>
#include <string_view>

#include "results/result_store.hpp"

namespace okg::results {

/// YAML like "hot_update: {v1: 'https://cdn.example.com/game/v1/index.html',
/// v2: …}", to which the original adds every version of the pod: of each
/// file, named by its URL's last segment, the highest version as semver
/// orders them, asked for at the epoch. None when it holds no update (the
/// original's placeholder "OriginVersion: OriginUrl"). Errors: kInvalid.
/// @source magicsong/kidecar, pkg/store/persistent.go and setHotUpdateConfigWhenStart in
/// pkg/plugins/hot_update/executor.go
[[nodiscard]] Result<Entries> parse_original_entry(std::string_view yaml);

/// Adds the file, in the place of one whose version is lower.
void keep_higher(Entries& files, const std::string& path, Entry entry);

}  // namespace okg::results
