#include "kube/workload.hpp"

#include <gtest/gtest.h>

namespace okg::kube {
namespace {

Pod pod_named(const std::string& name) {
  Pod pod;
  pod.ns = "games";
  pod.name = name;
  return pod;
}

TEST(workload_of, takes_the_controlling_owner) {
  Pod pod = pod_named("game-0");
  pod.owners = {{"v1", "ConfigMap", "bystander", false}, {"apps/v1", "StatefulSet", "game", true}};
  EXPECT_EQ(workload_of(pod), (Workload{"games", "StatefulSet", "game"}));
}

TEST(workload_of, takes_the_game_server_set_before_its_stateful_set) {
  Pod pod = pod_named("game-0");
  pod.labels["game.kruise.io/owner-gss"] = "arena";
  pod.owners = {{"apps.kruise.io/v1beta1", "StatefulSet", "arena", true}};
  EXPECT_EQ(workload_of(pod), (Workload{"games", "GameServerSet", "arena"}));
}

TEST(workload_of, sees_the_deployment_behind_its_replica_set) {
  Pod pod = pod_named("web-7d9c6b8f5-x2x4z");
  pod.labels["pod-template-hash"] = "7d9c6b8f5";
  pod.owners = {{"apps/v1", "ReplicaSet", "web-7d9c6b8f5", true}};
  EXPECT_EQ(workload_of(pod), (Workload{"games", "Deployment", "web"}));
}

TEST(workload_of, leaves_a_replica_set_of_its_own_alone) {
  Pod pod = pod_named("web-x2x4z");
  pod.owners = {{"apps/v1", "ReplicaSet", "web-7d9c6b8f5", true}};
  EXPECT_EQ(workload_of(pod), (Workload{"games", "ReplicaSet", "web-7d9c6b8f5"}));
  pod.labels["pod-template-hash"] = "another";
  EXPECT_EQ(workload_of(pod), (Workload{"games", "ReplicaSet", "web-7d9c6b8f5"}));
  pod.labels["pod-template-hash"] = "";
  EXPECT_EQ(workload_of(pod), (Workload{"games", "ReplicaSet", "web-7d9c6b8f5"}));
}

TEST(workload_of, is_the_pod_itself_when_nothing_controls_it) {
  Pod pod = pod_named("alone");
  EXPECT_EQ(workload_of(pod), (Workload{"games", "Pod", "alone"}));
  pod.owners = {{"v1", "Node", "node1", false}};
  EXPECT_EQ(workload_of(pod), (Workload{"games", "Pod", "alone"}));
}

TEST(has_random_name, tells_names_that_come_again_from_those_that_do_not) {
  EXPECT_TRUE(has_random_name({"games", "CloneSet", "web"}, "web-x2x4z"));
  EXPECT_TRUE(has_random_name({"games", "Deployment", "web"}, "web-7d9c6b8f5-x2x4z"));
  EXPECT_TRUE(has_random_name({"games", "Job", "web"}, "web-0-x2x4z"));
  EXPECT_FALSE(has_random_name({"games", "StatefulSet", "web"}, "web-22222"));
  EXPECT_FALSE(has_random_name({"games", "GameServerSet", "web"}, "web-22222"));
  EXPECT_FALSE(has_random_name({"games", "Pod", "web-x2x4z"}, "web-x2x4z"));
  EXPECT_FALSE(has_random_name({"games", "CloneSet", "web"}, "web-0"));
  EXPECT_FALSE(has_random_name({"games", "CloneSet", "web"}, "web-x2x4"));
  EXPECT_FALSE(has_random_name({"games", "CloneSet", "web"}, "web-x2x4a"));
  EXPECT_FALSE(has_random_name({"games", "CloneSet", "other"}, "web-x2x4z"));
}

}  // namespace
}  // namespace okg::kube
