#include "client/columns.hpp"

#include <gtest/gtest.h>

namespace okg::client {
namespace {

TEST(WidthOf, is_one_for_each_letter) {
  EXPECT_EQ(width_of(""), 0U);
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("\u00fc\u00df"), 2U);
}

TEST(WidthOf, is_two_for_chinese_japanese_and_korean) {
  EXPECT_EQ(width_of("\u5730\u56fe"), 4U);
  EXPECT_EQ(width_of("\u304b\u30ca"), 4U);
  EXPECT_EQ(width_of("\ud55c"), 2U);
}

TEST(WidthOf, is_two_for_full_width_punctuation_and_emoji) {
  EXPECT_EQ(width_of("\uff081\uff09"), 5U);
  EXPECT_EQ(width_of("\U0001F3AE"), 2U);
}

TEST(WidthOf, is_nothing_for_an_accent_that_combines) { EXPECT_EQ(width_of("e\u0301"), 1U); }

TEST(WidthOf, is_one_for_a_byte_that_is_no_utf_8) { EXPECT_EQ(width_of("a\xff"), 2U); }

TEST(Fit, takes_whole_characters_only) {
  EXPECT_EQ(fit("\u5730\u56fe", 4), "\u5730\u56fe");
  EXPECT_EQ(fit("\u5730\u56fe", 3), "\u5730");
  EXPECT_EQ(fit("\u5730\u56fe", 1), "");
  EXPECT_EQ(fit("abc", 2), "ab");
}

TEST(Fit, keeps_an_accent_with_its_letter) { EXPECT_EQ(fit("e\u0301x", 1), "e\u0301"); }

TEST(Columns, are_as_wide_as_what_stands_in_them) {
  Columns columns({"A", "B", "C"});
  columns.add({"long", "", "x"});
  columns.add({"s", "b", "y"});
  EXPECT_EQ(columns.text(),
            "A     B  C\n"
            "long     x\n"
            "s     b  y\n");
}

TEST(Columns, are_aligned_behind_wide_letters) {
  Columns columns({"PATH", "VERSION"});
  columns.add({"\u5730\u56fe1", "v1"});
  EXPECT_EQ(columns.text(),
            "PATH   VERSION\n"
            "\u5730\u56fe1  v1\n");
}

TEST(Columns, are_a_head_alone_without_rows) { EXPECT_EQ(Columns({"A", "B"}).text(), "A  B\n"); }

TEST(Columns, make_what_they_hold_harmless) {
  Columns columns({"A"});
  columns.add({"a\x1b[2J\nb"});
  EXPECT_EQ(columns.text(), "A\na\\u001b[2J\\nb\n");
}

}  // namespace
}  // namespace okg::client
