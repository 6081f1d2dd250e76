#include "api/fields/json_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace okg::api {
namespace {

constexpr std::array<std::string_view, 6> kKnownOfJson{"all",     "exclude", "force",
                                                       "include", "version", "wait"};

Result<Fields> read_json(const std::string& text) {
  Fields fields;
  if (auto ok = add_json(text, kKnownOfJson, fields); !ok) return ok.error();
  return fields;
}

std::string words_of_json(const std::string& text) {
  const auto fields = read_json(text);
  return fields ? "" : fields.error().message;
}

TEST(AddJson, takes_text) { EXPECT_EQ(read_json(R"({"version":"v\u0031"})")->at("version"), "v1"); }

TEST(AddJson, takes_numbers_as_they_are_written) {
  for (const std::string number : {"3", "3.10", "1e3", "-1", "-0", "0"})
    EXPECT_EQ(read_json(R"({"version":)" + number + "}")->at("version"), number);
}

TEST(AddJson, takes_truth_values_of_flags_alone) {
  EXPECT_EQ(read_json(R"({"wait":false,"force":true,"all":true})").value(),
            (Fields{{"all", "true"}, {"force", "true"}, {"wait", "false"}}));
  EXPECT_EQ(words_of_json(R"({"version":true})"), "field 'version' is true; it has to be text");
}

TEST(AddJson, takes_lists_of_globs_alone) {
  EXPECT_EQ(read_json(R"({"include":["a","b"]})")->at("include"), "a,b");
  EXPECT_EQ(read_json(R"({"exclude":[]})")->at("exclude"), "");
  EXPECT_EQ(words_of_json(R"({"version":["a"]})"),
            "field 'version' is an array; it has to be text");
  EXPECT_EQ(words_of_json(R"({"include":[["a"]]})"),
            "field 'include' is an array; it has to be text");
}

TEST(AddJson, refuses_what_is_not_flat) {
  EXPECT_EQ(words_of_json(R"({"version":{}})"), "field 'version' is an object; it has to be text");
  EXPECT_EQ(words_of_json(R"({"version":null})"), "field 'version' is null; leave it out instead");
}

TEST(AddJson, refuses_what_is_no_object) {
  for (const auto* text : {"[]", "null", "3", "-3", "1.5", "\"a\"", "true"})
    EXPECT_EQ(words_of_json(text), "the body is not a JSON object") << text;
}

TEST(AddJson, ends_at_nesting_however_deep_it_goes) {
  EXPECT_EQ(words_of_json("{\"version\":" + std::string(100'000, '[')),
            "field 'version' is an array; it has to be text");
}

TEST(AddJson, refuses_unknown_and_repeated_fields) {
  EXPECT_THAT(words_of_json(R"({"versoin":"v1"})"), testing::HasSubstr("did you mean version?"));
  EXPECT_EQ(words_of_json(R"({"wait":true,"wait":true})"), "field 'wait' is given twice");
}

TEST(AddJson, says_why_it_is_no_json) {
  EXPECT_EQ(words_of_json("{"), "the body is not JSON: it ends too early");
  EXPECT_THAT(words_of_json("{'version':1}"),
              testing::StartsWith("the body is not JSON: it cannot be"));
}

}  // namespace
}  // namespace okg::api
