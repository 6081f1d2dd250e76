// Where an InKubeStore writes, and in which form.
#pragma once

#include <string>

namespace okg::results {

enum class ResultFormat {
  kOwn,       ///< JSON: record_json.hpp.
  kOriginal,  ///< The same, and the texts of the original sidecar: original_sidecar_format.hpp.
};

/// `storageConfig.inKube` of config.yaml, with its defaults, and the pod.
struct InKubeSettings {
  std::string pod_namespace;
  std::string pod_name;
  std::string pod_cure;        ///< the advice when the API server has no such pod; empty: none
  std::string annotation_key;  ///< gets the result as JSON; empty: none
  /// Gets the version that is live at the path of the last result; empty: none.
  std::string label_key;
  std::string config_map_namespace = "kube-system";
  std::string config_map_name = "sidecar-result";
  ResultFormat result_format = ResultFormat::kOwn;
  /// 1: all in `config_map_name`. N: pods' entries in "NAME-0"
  /// to "NAME-<N - 1>", each workload's latest in NAME.
  unsigned shards = 1;
  /// Results of orders go to the pod only;
  /// a controller of the fleet writes the rest.
  bool orders_on_pod_only = false;
};

}  // namespace okg::results
