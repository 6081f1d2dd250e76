#include "source/s3_error_code.hpp"

#include <gtest/gtest.h>

#include "base/text/bytes.hpp"

namespace okg::source {
namespace {

std::optional<std::string> code_of(std::string_view body) {
  S3ErrorCode code;
  return code.read(as_bytes(body));
}

TEST(S3ErrorCode, is_the_word_of_the_error) {
  EXPECT_EQ(code_of("<?xml?><Error><Code>NoSuchKey</Code><Message>x</Message>"), "NoSuchKey");
  EXPECT_EQ(code_of("<Code>InvalidAccessKeyId.NotFound</Code>"), "InvalidAccessKeyId.NotFound");
}

TEST(S3ErrorCode, comes_in_parts_and_once) {
  S3ErrorCode code;
  EXPECT_FALSE(code.read(as_bytes("<Error><Co")));
  EXPECT_FALSE(code.read(as_bytes("de>NoSuch")));
  EXPECT_EQ(code.read(as_bytes("Key</Code>")), "NoSuchKey");
  EXPECT_FALSE(code.read(as_bytes("<Code>Other</Code>")));
}

TEST(S3ErrorCode, is_nothing_that_a_key_could_be) {
  for (const auto* body : {"<Code>AKIA1234</Code>", "<Code></Code>", "<Code>a b</Code>",
                           "<Code>a/b</Code>", "</Code><Code>", "<html>"})
    EXPECT_FALSE(code_of(body)) << body;
}

TEST(S3ErrorCode, has_64_letters_at_most) {
  EXPECT_TRUE(code_of("<Code>" + std::string(64, 'a') + "</Code>"));
  EXPECT_FALSE(code_of("<Code>" + std::string(65, 'a') + "</Code>"));
}

TEST(S3ErrorCode, is_in_the_first_4096_bytes) {
  const std::string code = "<Code>A</Code>";
  EXPECT_TRUE(code_of(std::string(4096 - code.size(), ' ') + code));
  EXPECT_FALSE(code_of(std::string(4097 - code.size(), ' ') + code));
}

}  // namespace
}  // namespace okg::source
