#include "results/result_store.hpp"

#include <gtest/gtest.h>

namespace okg::results {
namespace {

TEST(wanted, prefers_the_pods_own_entries_path_by_path) {
  Wanted wanted;
  wanted.own["index.html"] = {"canary", "https://h/c/index.html", {}, Scope::kPod, {}};
  wanted.latest["index.html"] = {"v2", "https://h/2/index.html", {}, Scope::kWorkload, {}};
  wanted.latest["maps/1.json"] = {"m1", "https://h/m1/1.json", {}, Scope::kWorkload, {}};
  const Entries merged = wanted.merged();
  ASSERT_EQ(merged.size(), 2U);
  EXPECT_EQ(merged.at("index.html").version, "canary");
  EXPECT_EQ(merged.at("maps/1.json").version, "m1");
}

}  // namespace
}  // namespace okg::results
