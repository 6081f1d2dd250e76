#include "results/in_kube/conditional_patch.hpp"

#include <gtest/gtest.h>

namespace okg::results {
namespace {

TEST(conditional_patch, replaces_what_was_seen) {
  EXPECT_EQ(conditional_patch("_latest.games.Pod.a", R"({"a":1})", "{}"),
            R"([{"op":"test","path":"/data/_latest.games.Pod.a","value":"{\"a\":1}"},)"
            R"({"op":"replace","path":"/data/_latest.games.Pod.a","value":"{}"}])");
}

TEST(conditional_patch, adds_what_was_absent) {
  EXPECT_EQ(
      conditional_patch("a/b", std::nullopt, "{}"),
      R"([{"op":"test","path":"/data/a~1b","value":null},{"op":"add","path":"/data/a~1b","value":"{}"}])");
}

TEST(conditional_patch, spells_the_expected_text_as_the_api_server_does) {
  EXPECT_EQ(
      conditional_patch("k", "https://h/?a=1&b=<2>\u2028\u2029 \u00fc\n\\", ""),
      R"([{"op":"test","path":"/data/k","value":"https://h/?a=1\u0026b=\u003c2\u003e\u2028\u2029 )"
      "\u00fc"
      R"(\n\\"},{"op":"replace","path":"/data/k","value":""}])");
}

}  // namespace
}  // namespace okg::results
