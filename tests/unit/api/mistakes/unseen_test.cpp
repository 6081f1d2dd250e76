#include "api/mistakes/unseen.hpp"

#include <gtest/gtest.h>

namespace okg::api {
namespace {

TEST(FirstUnseen, is_none_of_what_is_seen) {
  for (const auto* text : {"", "a", "a b", "a\u3000b", "\u56fe"})
    EXPECT_FALSE(first_unseen(text)) << text;
}

TEST(FirstUnseen, names_spaces_of_every_kind_at_either_end) {
  EXPECT_EQ(first_unseen(" a"), "a space");
  EXPECT_EQ(first_unseen("a\t"), "a tab");
  EXPECT_EQ(first_unseen("a\r\n"), "a line end, which is a control character");
  EXPECT_EQ(first_unseen("\u00a0a"), "a no-break space (U+00A0)");
  EXPECT_EQ(first_unseen("a\u3000"), "an ideographic space (U+3000)");
}

TEST(FirstUnseen, names_what_has_no_width_anywhere) {
  EXPECT_EQ(first_unseen("a\u200bb"), "a zero width space (U+200B)");
  EXPECT_EQ(first_unseen("a\ufeffb"), "a byte order mark (U+FEFF)");
  EXPECT_EQ(first_unseen("a\u00ad"), "a soft hyphen (U+00AD)");
}

TEST(FirstUnseen, lets_letters_be_joined) {
  EXPECT_FALSE(first_unseen("\u0645\u06cc\u200c\u062e"));
  EXPECT_EQ(first_unseen("a\u200c"), "a zero width non-joiner (U+200C)");
  EXPECT_EQ(first_unseen("\u200da"), "a zero width joiner (U+200D)");
}

TEST(FirstUnseen, names_what_is_at_an_end_first) {
  EXPECT_EQ(first_unseen("a\u200bb "), "a space");
}

TEST(WithoutUnseen, leaves_what_is_seen) {
  for (const auto* text : {"", "a b", "a\u3000b", "\u0645\u06cc\u200c\u062e"})
    EXPECT_EQ(without_unseen(text), text);
}

TEST(WithoutUnseen, takes_all_of_it_away) {
  EXPECT_EQ(without_unseen(" \t\u00a0a\u200b\u200b b\u3000\r\n"), "a b");
  EXPECT_EQ(without_unseen(" \ufeff \u3000"), "");
}

TEST(WithoutUnseen, takes_spaces_away_that_something_unseen_stood_before) {
  EXPECT_EQ(without_unseen("\ufeff a \u200b"), "a");
}

}  // namespace
}  // namespace okg::api
