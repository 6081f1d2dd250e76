#include "kube/objects.hpp"

#include <gtest/gtest.h>

namespace okg::kube {
namespace {

TEST(parse_pod, reads_what_identifies_a_pod_and_its_owners) {
  const auto pod = parse_pod(
      R"({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "game-0", "namespace": "games", "uid": "u-1",
    "labels": {"app": "game"}, "annotations": {"a": "b"},
    "ownerReferences": [{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "game", "uid": "u-2", "controller": true}]}})");
  ASSERT_TRUE(pod) << pod.error().message;
  EXPECT_EQ(pod->ns, "games");
  EXPECT_EQ(pod->name, "game-0");
  EXPECT_EQ(pod->uid, "u-1");
  EXPECT_EQ(pod->labels.at("app"), "game");
  EXPECT_EQ(pod->annotations.at("a"), "b");
  ASSERT_EQ(pod->owners.size(), 1U);
  EXPECT_EQ(pod->owners[0].api_version, "apps/v1");
  EXPECT_EQ(pod->owners[0].kind, "StatefulSet");
  EXPECT_EQ(pod->owners[0].name, "game");
  EXPECT_TRUE(pod->owners[0].controller);
}

TEST(parse_pod, takes_members_of_another_type_as_absent) {
  const auto pod = parse_pod(
      R"({"kind": "Pod", "metadata": {"name": 7, "labels": null, "annotations": ["x"], "ownerReferences": "x"}})");
  ASSERT_TRUE(pod);
  EXPECT_EQ(pod->name, "");
  EXPECT_TRUE(pod->labels.empty());
}

TEST(parse_pod, refuses_what_is_no_pod) {
  for (const char* text : {"", "{", "[]", "null", R"({"kind": "ConfigMap"})", "<html>"}) {
    const auto pod = parse_pod(text);
    ASSERT_FALSE(pod) << text;
    EXPECT_EQ(pod.error().code, ErrorCode::kUpstream);
  }
}

TEST(parse_config_map, reads_version_and_data) {
  const auto map = parse_config_map(
      R"({"kind": "ConfigMap", "metadata": {"resourceVersion": "42"}, "data": {"games.game-0": "{}"}})");
  ASSERT_TRUE(map);
  EXPECT_EQ(map->resource_version, "42");
  EXPECT_EQ(map->data.at("games.game-0"), "{}");
  EXPECT_TRUE(parse_config_map(R"({"kind": "ConfigMap"})")->data.empty());
}

TEST(parse_pod, takes_what_managed_fields_nest_and_no_nesting_without_end) {
  const auto nested = [](std::size_t depth) {
    return R"({"kind": "Pod", "spec": )" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_TRUE(parse_pod(nested(40)));
  EXPECT_FALSE(parse_pod(nested(1'000'000)));
}

TEST(parse_status, reads_the_failure_and_is_empty_for_anything_else) {
  const Status status = parse_status(
      R"({"kind": "Status", "code": 404, "reason": "NotFound", "message": "pods \"x\" not found"})");
  EXPECT_EQ(status.code, 404);
  EXPECT_EQ(status.reason, "NotFound");
  EXPECT_EQ(status.message, "pods \"x\" not found");
  EXPECT_EQ(parse_status("upstream connect error").code, 0);
}

}  // namespace
}  // namespace okg::kube
