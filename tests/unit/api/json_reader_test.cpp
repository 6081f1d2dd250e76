#include "api/json_reader.hpp"

#include <gtest/gtest.h>

namespace okg::api {
namespace {

const Json kObject = Json::parse(
    R"({"text":"a","count":3,"most":18446744073709551615,"below":-1,"flag":true,"null":null,)"
    R"("time":"2026-11-27T06:00:00Z","odd":"27.11.2026"})");

TEST(JsonReader, takes_members_as_they_are) {
  EXPECT_EQ(text_of(kObject, "text"), "a");
  EXPECT_EQ(count_of(kObject, "count"), 3U);
  EXPECT_EQ(count_of(kObject, "most"), UINT64_MAX);
  EXPECT_TRUE(flag_of(kObject, "flag"));
  EXPECT_EQ(time_of(kObject, "time"), parse_timestamp("2026-11-27T06:00:00Z").value());
}

TEST(JsonReader, takes_what_has_another_type_for_nothing) {
  for (const auto* key : {"count", "flag", "null"}) EXPECT_EQ(text_of(kObject, key), "") << key;
  for (const auto* key : {"text", "flag", "null", "below"})
    EXPECT_EQ(count_of(kObject, key), 0U) << key;
  for (const auto* key : {"text", "count", "null"}) EXPECT_FALSE(flag_of(kObject, key)) << key;
  for (const auto* key : {"count", "odd"}) EXPECT_EQ(time_of(kObject, key), Timestamp{}) << key;
}

TEST(JsonReader, takes_what_is_missing_for_nothing) {
  EXPECT_TRUE(member_of(kObject, "no").is_null());
  EXPECT_EQ(text_of(kObject, "no"), "");
  EXPECT_EQ(count_of(kObject, "no"), 0U);
}

TEST(JsonReader, finds_no_member_in_what_is_no_object) {
  for (const auto& json : {Json(), Json("text"), Json(3), Json::array({1})})
    EXPECT_TRUE(member_of(json, "text").is_null()) << json;
}

}  // namespace
}  // namespace okg::api
