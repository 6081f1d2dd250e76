// From settings to the store they name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "files/folder.hpp"
#include "kube/api_figures.hpp"
#include "results/in_kube_store.hpp"
#include "results/result_store.hpp"

namespace okg::results {

enum class StorageType {
  kInKube,  ///< On the pod, and in a ConfigMap.
  kLocal,   ///< In a file of the state directory.
};

/// In place of a namespace: that of the pod.
inline constexpr std::string_view kOwnNamespace = "own";

/// `storageConfig` of config.yaml; defaults as there.
struct StorageSettings {
  StorageType type = StorageType::kLocal;
  std::string annotation_key;
  std::string label_key;
  std::string config_map_namespace = "kube-system";
  std::string config_map_name = "sidecar-result";
  ResultFormat result_format = ResultFormat::kOwn;
  int shards = 1;
  /// What came of orders is written to the pod only, and whoever orders writes the rest.
  bool orders_on_pod_only = false;
};

/// The pod whose results these are.
struct PodIdentity {
  std::string ns;  ///< empty: that of the service account
  std::string name;
  std::filesystem::path service_account_dir;
};

/// Whether open() can work: kInKube needs a mounted service account. Errors: kInvalid.
[[nodiscard]] Result<void> check(const StorageSettings& settings, const PodIdentity& pod);

/// `state` is where the Local store keeps the last result. `api` hears of
/// the API server's answers, and outlives the store. Errors: as check().
[[nodiscard]] Result<std::unique_ptr<ResultStore>> open(const StorageSettings& settings,
                                                        const PodIdentity& pod,
                                                        const files::Folder& state,
                                                        kube::ApiFigures& api);

}  // namespace okg::results
