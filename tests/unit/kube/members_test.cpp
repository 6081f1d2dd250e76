#include "kube/members.hpp"

#include <gtest/gtest.h>

namespace okg::kube {
namespace {

TEST(KubeMembers, are_null_where_there_is_none) {
  const auto object = nlohmann::json::parse(R"({"a":{"b":1}})");
  EXPECT_EQ(member(member(object, "a"), "b"), 1);
  EXPECT_TRUE(member(object, "b").is_null());
  EXPECT_TRUE(member(member(member(object, "a"), "b"), "c").is_null());
}

TEST(KubeMembers, are_texts_or_empty) {
  const auto object = nlohmann::json::parse(R"({"a":"x","b":1,"c":null})");
  EXPECT_EQ(text(object, "a"), "x");
  for (const auto* key : {"b", "c", "d"}) EXPECT_EQ(text(object, key), "") << key;
  EXPECT_EQ(text(nlohmann::json::array(), "a"), "");
}

}  // namespace
}  // namespace okg::kube
