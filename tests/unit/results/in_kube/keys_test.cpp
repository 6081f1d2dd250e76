#include "results/in_kube/keys.hpp"

#include <gtest/gtest.h>

#include <set>

#include "limits/documented.hpp"

namespace okg::results {
namespace {

TEST(keys, are_those_of_the_documentation) {
  EXPECT_EQ(pod_key("games", "game-0"), "games.game-0");
  EXPECT_EQ(latest_key({"games", "StatefulSet", "game"}), "_latest.games.StatefulSet.game");
  EXPECT_EQ(original_key("games", "game-0"), "games-game-0");
}

TEST(keys, stay_within_253_characters_and_apart) {
  const std::string pod(240, 'p');
  const std::string ns(63, 'n');
  const auto key = pod_key(ns, pod + "-0");
  EXPECT_EQ(key.size(), 253U);
  EXPECT_EQ(key, pod_key(ns, pod + "-0"));
  EXPECT_NE(key, pod_key(ns, pod + "-1"));
  EXPECT_TRUE(key.starts_with(ns + ".ppp"));
  EXPECT_EQ(key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-"), std::string::npos);
  EXPECT_EQ(pod_key("n", std::string(251, 'p')), "n." + std::string(251, 'p'));
}

TEST(shard_of, is_the_root_when_there_is_one) {
  EXPECT_EQ(shard_of("sidecar-result", 1, "games.game-0"), "sidecar-result");
  EXPECT_EQ(shard_of("sidecar-result", 0, "games.game-0"), "sidecar-result");
}

TEST(shard_of, is_the_same_in_every_release_and_uses_all_shards) {
  EXPECT_EQ(shard_of("sidecar-result", 8, "a"),
            "sidecar-result-4");  // FNV-1a of "a" is af63dc4c8601ec8c
  std::set<std::string> used;
  for (int i = 0; i < 200; ++i)
    used.insert(shard_of("r", 4, pod_key("games", "game-" + std::to_string(i))));
  EXPECT_EQ(used, (std::set<std::string>{"r-0", "r-1", "r-2", "r-3"}));
}

TEST(check_room, leaves_a_value_what_is_documented) {
  const auto most =
      limits::documented("results of a pod in the result ConfigMap; a workload's latest");
  EXPECT_TRUE(check_room("key", std::string(most, 'x')));
  EXPECT_EQ(check_room("key", std::string(most + 1, 'x')).error().reason, Reason::kConfigMapFull);
}

TEST(escape_json_pointer, escapes_tilde_and_slash) {
  EXPECT_EQ(escape_json_pointer("_latest.games.Pod.a"), "_latest.games.Pod.a");
  EXPECT_EQ(escape_json_pointer("a/b~c~1"), "a~1b~0c~01");
}

}  // namespace
}  // namespace okg::results
