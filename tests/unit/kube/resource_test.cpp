#include "kube/resource.hpp"

#include <gtest/gtest.h>

namespace okg::kube {
namespace {

TEST(Resource, names_an_object_of_the_core_group) {
  EXPECT_EQ(pod("games", "game-0").path(), "/api/v1/namespaces/games/pods/game-0");
  EXPECT_EQ(config_map("kube-system", "sidecar-result").path(),
            "/api/v1/namespaces/kube-system/configmaps/sidecar-result");
}

TEST(Resource, names_an_object_of_another_group) {
  const Resource lease{
      .group = "coordination.k8s.io", .plural = "leases", .ns = "games", .name = "one"};
  EXPECT_EQ(lease.path(), "/apis/coordination.k8s.io/v1/namespaces/games/leases/one");
}

TEST(Resource, names_a_collection) {
  EXPECT_EQ((Resource{.plural = "pods", .ns = "games"}.path()), "/api/v1/namespaces/games/pods");
  EXPECT_EQ((Resource{.plural = "pods"}.path()), "/api/v1/pods");
}

TEST(Resource, names_a_subresource_of_an_object_only) {
  auto resource = pod("games", "game-0");
  resource.subresource = "status";
  EXPECT_EQ(resource.path(), "/api/v1/namespaces/games/pods/game-0/status");
  resource.name.clear();
  EXPECT_EQ(resource.path(), "/api/v1/namespaces/games/pods");
}

}  // namespace
}  // namespace okg::kube
