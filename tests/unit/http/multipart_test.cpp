#include "http/multipart.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

constexpr auto kType = "multipart/form-data; boundary=x";

std::string part(const std::string& disposition, const std::string& value) {
  return "--x\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + value + "\r\n";
}

TEST(ParseMultipart, takes_parts_as_curl_sends_them) {
  const auto parts =
      parse_multipart("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"x\"",
                      part("name=\"version\"", "v1") +
                          part("name=\"url\"", "https://h/a?b=%2B&c=+\r\nd") + "--x--\r\n")
          .value();
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "version");
  EXPECT_EQ(parts[0].value, "v1");
  EXPECT_EQ(parts[1].value, "https://h/a?b=%2B&c=+\r\nd");
  EXPECT_FALSE(parts[1].is_file);
}

TEST(ParseMultipart, takes_a_preamble_no_parts_and_empty_values) {
  EXPECT_TRUE(parse_multipart(kType, "--x--")->empty());
  EXPECT_EQ(parse_multipart(kType, "hello\r\n" + part("name=a", "") + "--x--")->at(0).value, "");
}

TEST(ParseMultipart, says_that_a_part_is_a_file) {
  EXPECT_TRUE(
      parse_multipart(kType, part("name=\"url\"; filename=\"a;b\"", "x") + "--x--")->at(0).is_file);
}

TEST(ParseMultipart, takes_a_quoted_name_with_escapes) {
  EXPECT_EQ(parse_multipart(kType, part(R"(name="a\"; b")", "x") + "--x--")->at(0).name, "a\"; b");
}

TEST(ParseMultipart, refuses_what_is_broken) {
  for (const std::string body :
       {"", "--x", "--y--", "--x\r\n", "--x\r\n\r\nv",
        "--x\r\nContent-Disposition: form-data\r\n\r\n", "--x\r\n\r\nv\r\n--x--",
        "--xy\r\n\r\nv\r\n--x--", "--x\r\na\r\n--x--"})
    EXPECT_EQ(parse_multipart(kType, body).error().code, ErrorCode::kInvalid) << body;
  for (const auto* type : {"multipart/form-data", "multipart/form-data; boundary=",
                           "multipart/form-data; boundary=\"\"", "multipart/form-data;;;"})
    EXPECT_FALSE(parse_multipart(type, "--x--")) << type;
}

}  // namespace
}  // namespace okg::http
