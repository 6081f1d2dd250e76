// An object or collection of the API server, and its URL path.
#pragma once

#include <string>
#include <string_view>

namespace okg::kube {

/// @source https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
struct Resource {
  std::string group{};  ///< "apps"; empty: the core group
  std::string version = "v1";
  std::string plural;         ///< "pods"
  std::string ns{};           ///< empty: cluster-scoped, or of all namespaces
  std::string name{};         ///< empty: the collection
  std::string subresource{};  ///< "status"; only with a name

  /// "/api/v1/namespaces/games/pods/game-0", "/apis/apps/v1/statefulsets", …
  [[nodiscard]] std::string path() const;
};

[[nodiscard]] Resource pod(std::string_view ns, std::string_view name);
[[nodiscard]] Resource config_map(std::string_view ns, std::string_view name);

}  // namespace okg::kube
