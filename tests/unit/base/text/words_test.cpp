#include "base/text/words.hpp"

#include <gtest/gtest.h>

namespace okg {
namespace {

enum class Color { kRed, kGreen, kBlue };
constexpr Word<Color> kColors[]{{Color::kGreen, "green"}, {Color::kRed, "red"}};

TEST(Words, are_found_from_both_sides_in_any_order) {
  EXPECT_EQ(word_of(Color::kRed, kColors), "red");
  EXPECT_EQ(value_of("green", kColors), Color::kGreen);
}

TEST(Words, has_nothing_for_what_the_table_does_not_have) {
  EXPECT_EQ(word_of(Color::kBlue, kColors), "");
  EXPECT_EQ(value_of("blue", kColors), std::nullopt);
  EXPECT_EQ(value_of("Red", kColors), std::nullopt);
}

}  // namespace
}  // namespace okg
