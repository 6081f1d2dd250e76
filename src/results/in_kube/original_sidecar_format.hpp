// Writes the texts of the original sidecar (magicsong/kidecar),
// for tools that match its texts: see docs/moving-over.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kube/objects.hpp"
#include "kube/workload.hpp"
#include "results/record_json.hpp"
#include "results/result_store.hpp"

namespace okg::results {

/// "v2: Update success", or "v2: Failed to load hot update file by signal: WHY".
/// @source magicsong/kidecar, pkg/plugins/hot_update/executor.go
[[nodiscard]] std::string original_annotation(const LastResult& last);

/// The pod's entry with this version's URL added, in the original's
/// YAML; what else stands there stays. Nothing when it has it
/// already. Errors: kInvalid: `yaml` is not a map of maps of texts.
/// @source magicsong/kidecar, pkg/store/persistent.go, SetPersistenceInfo
[[nodiscard]] Result<std::optional<std::string>> with_original_version(std::string_view yaml,
                                                                       const Entry& live);

/// The entries that the original sidecars of this workload's
/// other pods left: the highest version of each file. None when
/// `pod` has an entry of its own, which counts alone then.
[[nodiscard]] Entries original_files_of_siblings(const kube::ConfigMap& map,
                                                 const kube::Workload& workload,
                                                 std::string_view pod, Ignored& ignored);

}  // namespace okg::results
