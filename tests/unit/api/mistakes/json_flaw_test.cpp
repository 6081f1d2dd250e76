#include "api/mistakes/json_flaw.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace okg::api {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

/// As the parser comes to it.
std::string flaw_of_text(const std::string& text) {
  try {
    return "none in " + nlohmann::json::parse(text).dump();
  } catch (const nlohmann::json::parse_error& error) {
    return flaw_of_json(text, error.byte);
  }
}

TEST(FlawOfJson, says_that_nothing_is_there) {
  for (const auto* text : {"", " ", "\t\r\n"}) EXPECT_EQ(flaw_of_text(text), "it is empty");
}

TEST(FlawOfJson, says_that_it_is_not_utf8) {
  EXPECT_EQ(flaw_of_text("{\"a\":\"\xff\"}"), "it is not UTF-8");
}

TEST(FlawOfJson, says_that_it_ends_too_early) {
  for (const auto* text : {"{", "{\"a\":", "{\"a\":\"b", "[1"})
    EXPECT_EQ(flaw_of_text(text), "it ends too early") << text;
  EXPECT_EQ(flaw_of_json("{}", 0), "it ends too early");
}

TEST(FlawOfJson, says_where_it_cannot_be_read) {
  EXPECT_EQ(flaw_of_text("{} x"), "it cannot be read beyond byte 4");
}

TEST(FlawOfJson, says_what_to_write_for_punctuation_of_input_methods) {
  EXPECT_EQ(flaw_of_text("{\"a\"\uff1a1}"),
            "it cannot be read beyond byte 5: '\uff1a' is no ASCII; write :");
  EXPECT_THAT(flaw_of_text("{\u201ca\u201d:1}"), EndsWith("'\u201c' is no ASCII; write \""));
}

TEST(FlawOfJson, knows_single_quotes) {
  EXPECT_THAT(flaw_of_text("{'a':1}"), EndsWith("in double quotes, not in single ones"));
}

TEST(FlawOfJson, knows_a_comma_before_the_end) {
  for (const auto* text : {"{\"a\":1,}", "{\"a\":1 , \n}", "[1,]"})
    EXPECT_THAT(flaw_of_text(text), EndsWith("a comma stands before the end")) << text;
}

TEST(FlawOfJson, knows_a_nul_behind_the_end) {
  EXPECT_THAT(flaw_of_json(std::string_view("{}\0", 3), 3),
              EndsWith("send no more than the JSON itself"));
}

TEST(FlawOfJson, knows_comments) {
  for (const auto* text : {"{/* a */}", "{# a\n}"})
    EXPECT_THAT(flaw_of_text(text), EndsWith("JSON has no comments")) << text;
}

TEST(FlawOfJson, knows_versions_that_stand_without_quotes) {
  for (const auto* text : {"{\"a\":1.2.3}", "{\"a\":1.2-rc}", "{\"a\":.5}", "{\"a\":+1}",
                           "{\"a\":1.x}", "{\"a\": 2026-11-27}"})
    EXPECT_THAT(flaw_of_text(text), HasSubstr("that is no number of JSON")) << text;
}

TEST(FlawOfJson, knows_quotes_that_a_shell_has_taken) {
  for (const auto* text : {"{a:1}", "{\"a\":v1}", "{\"a\":1,b:2}"})
    EXPECT_THAT(flaw_of_text(text), HasSubstr("where a shell takes them away")) << text;
}

TEST(FlawOfJson, takes_nothing_behind_a_number_s_end_for_a_part_of_it) {
  EXPECT_EQ(flaw_of_text("{\"a\":1 \"b\":2}"), "it cannot be read beyond byte 10");
}

}  // namespace
}  // namespace okg::api
