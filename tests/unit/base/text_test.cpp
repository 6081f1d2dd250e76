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

}  // namespace
}  // namespace okg
