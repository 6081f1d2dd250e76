#include "base/text/bytes.hpp"

#include <gtest/gtest.h>

namespace okg {
namespace {

TEST(AppendUpTo, drops_what_has_no_room) {
  std::string text = "ab";
  append_up_to(4, text, as_bytes("cde"));
  EXPECT_EQ(text, "abcd");
  append_up_to(4, text, as_bytes("f"));
  EXPECT_EQ(text, "abcd");
  append_up_to(3, text, as_bytes("f"));
  EXPECT_EQ(text, "abcd");
}

}  // namespace
}  // namespace okg
