// Where an InKubeStore writes, and in which form.
#pragma once

#include <string>

namespace okg::results {

enum class ResultFormat {
  kOwn,       ///< JSON: record_json.hpp.
  kOriginal,  ///< That, and the original sidecar's texts beside it: original_sidecar_format.hpp.
};

/// What open() makes of StorageSettings, which has the defaults.
struct InKubeSettings {
  std::string pod_namespace;
  std::string pod_name;
  std::string annotation_key;  ///< gets the result as JSON; empty: none
  /// Gets the version that is live at the path of the last result; empty: none.
  std::string label_key;
  std::string config_map_namespace;
  std::string config_map_name;
  ResultFormat result_format = ResultFormat::kOwn;
  /// 1: all in `config_map_name`. N: pods' entries in "NAME-0"
  /// to "NAME-<N - 1>", each workload's latest in NAME.
  unsigned shards = 1;
  bool orders_on_pod_only = false;  ///< see StorageSettings
};

}  // namespace okg::results
