#include "content/length.hpp"

#include <gtest/gtest.h>

namespace okg::content {
namespace {

Length length(http::Headers headers) { return length_of({200, std::move(headers), ""}); }

std::optional<ContentRange> range(const std::string& text, const std::string& length = "") {
  http::Headers headers{{"content-range", text}};
  if (!length.empty()) headers.push_back({"Content-Length", length});
  return content_range_of({206, headers, ""});
}

TEST(LengthOf, is_what_the_header_says) {
  EXPECT_EQ(length({{"content-length", "500"}}).bytes, 500U);
  EXPECT_TRUE(length({{"content-length", "500"}}).is_clear);
}

TEST(LengthOf, is_not_known_without_one) {
  EXPECT_EQ(length({}).bytes, std::nullopt);
  EXPECT_TRUE(length({}).is_clear);
}

TEST(LengthOf, is_one_that_is_said_twice) {
  EXPECT_TRUE(length({{"Content-Length", "5, 5"}}).is_clear);
  EXPECT_TRUE(length({{"Content-Length", "5"}, {"Content-Length", "5"}}).is_clear);
}

TEST(LengthOf, is_unclear_of_two) {
  EXPECT_FALSE(length({{"Content-Length", "5, 6"}}).is_clear);
  EXPECT_FALSE(length({{"Content-Length", "5"}, {"Content-Length", "6"}}).is_clear);
}

TEST(LengthOf, is_unclear_of_what_is_no_number) {
  for (const auto* text : {"", "-1", "0x5", "5 6", "18446744073709551616", "5,"})
    EXPECT_FALSE(length({{"Content-Length", text}}).is_clear) << text;
}

TEST(LengthOf, is_unclear_of_what_is_chunked_twice) {
  EXPECT_FALSE(length({{"Transfer-Encoding", "chunked, Chunked"}}).is_clear);
  EXPECT_TRUE(length({{"Transfer-Encoding", "chunked"}}).is_clear);
}

TEST(ContentRangeOf, has_its_end_behind_the_last_byte) {
  const auto whole = range("bytes 500-999/1000").value();
  EXPECT_EQ(whole.begin, 500U);
  EXPECT_EQ(whole.end, 1000U);
  EXPECT_EQ(whole.total, 1000U);
}

TEST(ContentRangeOf, may_not_know_the_total) {
  EXPECT_EQ(range("Bytes 500-999/*")->total, std::nullopt);
}

TEST(ContentRangeOf, is_nothing_when_there_is_none) {
  EXPECT_FALSE(content_range_of({200, {}, ""}));
}

TEST(ContentRangeOf, is_nothing_of_what_contradicts_itself) {
  for (const auto* text :
       {"bytes 999-500/1000", "bytes 500-1000/1000", "bytes 0-18446744073709551615/*"})
    EXPECT_FALSE(range(text)) << text;
}

TEST(ContentRangeOf, is_nothing_of_another_form) {
  for (const auto* text : {"", "bytes", "bytes */1000", "items 0-1/2", "bytes 0-1", "bytes -1/2",
                           "bytes 0/1-2", "bytes 0-1/", "bytes 0-1/x"})
    EXPECT_FALSE(range(text)) << text;
}

TEST(ContentRangeOf, agrees_with_the_length) {
  EXPECT_TRUE(range("bytes 500-999/1000", "500"));
  EXPECT_FALSE(range("bytes 500-999/1000", "499"));
}

}  // namespace
}  // namespace okg::content
