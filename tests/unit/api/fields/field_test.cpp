#include "api/fields/field.hpp"

#include <gtest/gtest.h>

#include <array>

namespace okg::api {
namespace {

constexpr std::array<std::string_view, 2> kKnownNames{"url", "version"};

std::string words_of_name(std::string_view name) {
  return unknown_field(name, kKnownNames).message;
}

TEST(AddField, adds_it) {
  Fields fields;
  ASSERT_TRUE(add_field(fields, "a", "1"));
  EXPECT_EQ(fields, (Fields{{"a", "1"}}));
}

TEST(AddField, refuses_a_second_one_and_keeps_the_first) {
  Fields fields{{"a", "1"}};
  const auto error = add_field(fields, "a", "2").error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_EQ(error.message, "field 'a' is given twice");
  EXPECT_EQ(fields, (Fields{{"a", "1"}}));
}

TEST(UnknownField, has_a_reason_for_tools) {
  const auto error = unknown_field("x", kKnownNames);
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_EQ(error.reason, Reason::kUnknownField);
}

TEST(UnknownField, names_the_closest) {
  EXPECT_EQ(words_of_name("uri"), "unknown field 'uri'; did you mean url?");
}

TEST(UnknownField, knows_an_ampersand_of_html) {
  EXPECT_EQ(words_of_name("amp;version"),
            "unknown field 'amp;version'; write & for each &amp;, which is HTML");
}

TEST(UnknownField, knows_punctuation_of_input_methods) {
  EXPECT_EQ(words_of_name("version\uff1dv1"),
            "unknown field 'version\uff1dv1'; write = for '\uff1d', which is no ASCII");
}

}  // namespace
}  // namespace okg::api
