#include "base/text/print_error.hpp"

#include <gtest/gtest.h>

namespace okg {
namespace {

TEST(VisibleLines, keep_their_ends) {
  EXPECT_EQ(visible_lines("a\nb"), "a\nb\n");
  EXPECT_EQ(visible_lines("a\n"), "a\n");
  EXPECT_EQ(visible_lines("\n\na"), "\n\na\n");
  EXPECT_EQ(visible_lines(""), "");
}

TEST(VisibleLines, move_no_cursor) {
  EXPECT_EQ(visible_lines("a\x1b[2J\rb\n\u202e"), "a\\u001b[2J\\rb\n\\u202e\n");
}

TEST(PrintError, writes_lines_to_standard_error) {
  testing::internal::CaptureStderr();
  print_error("a\x1b\nb");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "a\\u001b\nb\n");
}

}  // namespace
}  // namespace okg
