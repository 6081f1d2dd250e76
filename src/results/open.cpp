#include "results/open.hpp"

#include <string_view>
#include <utility>

#include "results/in_kube/in_kube_store.hpp"
#include "results/local_store.hpp"

namespace okg::results {
namespace {

/// In place of a namespace: that of the pod.
constexpr std::string_view kOwnNamespace = "own";

InKubeSettings in_kube_settings(InKubeSettings in_kube, const PodIdentity& pod,
                                const kube::Credentials& credentials) {
  in_kube.pod_namespace = pod.ns.empty() ? credentials.own_namespace() : pod.ns;
  in_kube.pod_name = pod.name;
  in_kube.pod_cure = pod.cure;
  if (in_kube.config_map_namespace == kOwnNamespace)
    in_kube.config_map_namespace = in_kube.pod_namespace;
  return in_kube;
}

Result<kube::Credentials> credentials_of(const PodIdentity& pod) {
  auto credentials = kube::Credentials::in_cluster(pod.service_account_dir);
  if (!credentials)
    return credentials.error().advise("use storageConfig.type: Local outside a cluster");
  return credentials;
}

}  // namespace

Result<void> check(const StorageSettings& settings, const PodIdentity& pod) {
  if (settings.type == StorageType::kLocal) return {};
  const auto credentials = credentials_of(pod);
  if (!credentials) return credentials.error().in("storageConfig.type is InKube");
  return {};
}

Result<std::unique_ptr<ResultStore>> open(const StorageSettings& settings, const PodIdentity& pod,
                                          const files::Folder& state, kube::ApiFigures& api) {
  if (settings.type == StorageType::kLocal)
    return std::unique_ptr<ResultStore>(std::make_unique<LocalStore>(state));
  auto credentials = credentials_of(pod);
  if (!credentials) return credentials.error();
  auto in_kube = in_kube_settings(settings.in_kube, pod, *credentials);
  kube::ClientSettings client;
  client.figures = &api;
  return std::unique_ptr<ResultStore>(std::make_unique<InKubeStore>(
      std::move(*credentials), std::move(in_kube), std::move(client)));
}

}  // namespace okg::results
