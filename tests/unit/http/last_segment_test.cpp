#include "http/last_segment.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

TEST(LastSegmentTest, stands_behind_the_last_slash) {
  EXPECT_EQ(last_segment("https://h/a/b%20c"), "b%20c");
}

TEST(LastSegmentTest, ends_before_query_and_fragment) {
  EXPECT_EQ(last_segment("https://h/a/b?x=1/2"), "b");
  EXPECT_EQ(last_segment("https://h/a/b#c/d"), "b");
}

TEST(LastSegmentTest, is_no_host) {
  EXPECT_EQ(last_segment("https://host"), "");
  EXPECT_EQ(last_segment("https://host?x=/y"), "");
}

TEST(LastSegmentTest, is_empty_for_a_folder) { EXPECT_EQ(last_segment("https://h/a/"), ""); }

}  // namespace
}  // namespace okg::http
