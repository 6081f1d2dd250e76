#include "base/json_members.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace okg {
namespace {

using nlohmann::json;

const json kObject = json::parse(
    R"({"text":"a","texts":["a",1,"b"],"count":7,"below":-7,"fraction":1.5,"flag":true})");

TEST(JsonMembersTest, reads_members_of_their_types) {
  EXPECT_EQ(text_of(kObject, "text"), "a");
  EXPECT_EQ(count_of(kObject, "count"), 7U);
  EXPECT_TRUE(flag_of(kObject, "flag"));
}

TEST(JsonMembersTest, reads_another_type_as_empty) {
  EXPECT_EQ(text_of(kObject, "count"), "");
  EXPECT_EQ(count_of(kObject, "below"), 0U);
  EXPECT_EQ(count_of(kObject, "fraction"), 0U);
  EXPECT_FALSE(flag_of(kObject, "text"));
  EXPECT_TRUE(texts_of(kObject, "text").empty());
}

TEST(JsonMembersTest, leaves_out_what_is_no_text) {
  EXPECT_EQ(texts_of(kObject, "texts"), (std::vector<std::string>{"a", "b"}));
}

TEST(JsonMembersTest, reads_nothing_of_what_is_no_object) {
  EXPECT_TRUE(member_of(json::array({1}), "text").is_null());
  EXPECT_EQ(text_of(json("text"), "text"), "");
}

}  // namespace
}  // namespace okg
