#include "http/message.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

const Headers kHeaders{{"Content-Type", "a"}, {"content-type", "b"}, {"ETag", ""}};

TEST(FindHeader, finds_it_in_any_case) { EXPECT_EQ(find_header(kHeaders, "etag")->size(), 0U); }

TEST(FindHeader, finds_the_last_of_several) {
  EXPECT_EQ(*find_header(kHeaders, "CONTENT-TYPE"), "b");
}

TEST(FindHeader, finds_none_that_is_not_there) {
  EXPECT_EQ(find_header(kHeaders, "Content"), nullptr);
  EXPECT_EQ(find_header({}, "ETag"), nullptr);
}

}  // namespace
}  // namespace okg::http
