// From settings to the store they name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "files/folder.hpp"
#include "kube/api_figures.hpp"
#include "results/in_kube/in_kube_settings.hpp"
#include "results/result_store.hpp"

namespace okg::results {

enum class StorageType {
  kInKube,  ///< On the pod, and in a ConfigMap.
  kLocal,   ///< In a file of the state directory.
};

/// `storageConfig` of config.yaml, with its defaults.
struct StorageSettings {
  StorageType type = StorageType::kLocal;  ///< in a cluster, the file's default is kInKube
  /// The pod is filled in by open(), and so is the namespace where it is "own": the pod's.
  InKubeSettings in_kube{};
};

/// The pod whose results these are.
struct PodIdentity {
  std::string ns;  ///< empty: that of the service account
  std::string name;
  std::filesystem::path service_account_dir;
  std::string cure;  ///< the advice when the cluster has no such pod; empty: none
};

/// Passes when open() can work: kInKube needs a mounted service account. Errors: kInvalid.
[[nodiscard]] Result<void> check(const StorageSettings& settings, const PodIdentity& pod);

/// `state` is where the Local store keeps the last result. `api` hears of
/// the API server's answers, and outlives the store. Errors: as check().
[[nodiscard]] Result<std::unique_ptr<ResultStore>> open(const StorageSettings& settings,
                                                        const PodIdentity& pod,
                                                        const files::Folder& state,
                                                        kube::ApiFigures& api);

}  // namespace okg::results
