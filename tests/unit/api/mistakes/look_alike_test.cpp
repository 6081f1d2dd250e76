#include "api/mistakes/look_alike.hpp"

#include <gtest/gtest.h>

namespace okg::api {
namespace {

TEST(LookAlikeAt, is_what_the_text_begins_with) {
  const auto found = look_alike_at("\uff0crest").value();
  EXPECT_EQ(found.text, "\uff0c");
  EXPECT_EQ(found.ascii, ",");
}

TEST(LookAlikeAt, is_nothing_further_on) {
  for (const auto* text : {"", ",", "a\uff0c", "\u56fe\uff0c"})
    EXPECT_FALSE(look_alike_at(text)) << text;
}

TEST(FirstLookAlike, is_the_first_one_anywhere) {
  EXPECT_EQ(first_look_alike("\u56fea\u2014\uff0c")->ascii, "-");
}

TEST(FirstLookAlike, is_none_of_other_letters) {
  EXPECT_FALSE(first_look_alike("a,\u56fe-\u00fc"));
}

TEST(InAscii, replaces_all_of_them_and_nothing_else) {
  EXPECT_EQ(in_ascii("http\uff1a\uff0f\uff0fh\uff0f\u56fe\uff1fa\uff1d1\uff06b\uff1d\uff05"),
            "http://h/\u56fe?a=1&b=%");
  EXPECT_EQ(in_ascii(""), "");
}

TEST(InAscii, knows_quotes_and_dashes_of_word_processors) {
  EXPECT_EQ(in_ascii("\u201ca\u201d \u2018b\u2019 \u2013 \u2014"), "\"a\" 'b' - -");
}

}  // namespace
}  // namespace okg::api
