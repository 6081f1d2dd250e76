#include "base/text.hpp"

#include <gtest/gtest.h>

namespace okg {
namespace {

TEST(Shortened, cuts_between_two_characters) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abcd", 3), "abc…");
  EXPECT_EQ(shortened("界界", 3), "界…");
  EXPECT_EQ(shortened("界界", 5), "界…");
  EXPECT_EQ(shortened("\x80\x80\x80", 2), "…");
}

TEST(Trimmed, takes_blanks_off_both_ends) {
  EXPECT_EQ(trimmed(" \ta b ", " \t"), "a b");
  EXPECT_EQ(trimmed(" ", " "), "");
  EXPECT_EQ(trimmed("", " "), "");
  EXPECT_EQ(trimmed("\ta", " "), "\ta");
}

TEST(TakeUntil, takes_the_separator_as_well) {
  std::string_view text = "a=b;=c";
  EXPECT_EQ(take_until(text, ";="), "a");
  EXPECT_EQ(take_until(text, ";="), "b");
  EXPECT_EQ(take_until(text, ";="), "");
  EXPECT_EQ(text, "c");
  EXPECT_EQ(take_until(text, ";="), "c");
  EXPECT_EQ(text, "");
}

TEST(AppendListed, separates_what_comes_after_the_first) {
  std::string list;
  append_listed(list, ", ", "a");
  EXPECT_EQ(list, "a");
  append_listed(list, ", ", "b");
  EXPECT_EQ(list, "a, b");
}

TEST(HasOnlyAlphanumericOr, knows_ascii_only) {
  EXPECT_TRUE(has_only_alphanumeric_or("-.", "aZ0-."));
  EXPECT_FALSE(has_only_alphanumeric_or("-.", "a_b"));
  EXPECT_FALSE(has_only_alphanumeric_or("-.", "\xc3\xbc"));
}

TEST(IsControl, is_of_ascii_and_of_nothing_above) {
  EXPECT_TRUE(is_control('\n'));
  EXPECT_TRUE(is_control('\x7f'));
  EXPECT_FALSE(is_control(' '));
  EXPECT_FALSE(is_control('\x80'));
}

}  // namespace
}  // namespace okg
