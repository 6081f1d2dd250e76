#include "base/io/path.hpp"

#include <gtest/gtest.h>

namespace okg {
namespace {

TEST(PathTest, is_below_a_folder_whose_name_it_begins_with) {
  EXPECT_TRUE(is_below("/a/b", "/a"));
  EXPECT_TRUE(is_below("/a/b/c", "/a/b/"));
}

TEST(PathTest, counts_the_folder_itself) {
  EXPECT_TRUE(is_below("/a/b", "/a/b"));
  EXPECT_TRUE(is_below("/a/b/", "/a/b"));
}

TEST(PathTest, takes_no_sibling_of_a_longer_name) { EXPECT_FALSE(is_below("/a/bc", "/a/b")); }

TEST(PathTest, follows_dots) {
  EXPECT_TRUE(is_below("/a/c/../b/d", "/a/b"));
  EXPECT_FALSE(is_below("/a/b/../c", "/a/b"));
}

}  // namespace
}  // namespace okg
