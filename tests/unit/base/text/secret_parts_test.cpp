#include "base/text/secret_parts.hpp"

#include <gtest/gtest.h>

namespace okg {
namespace {

TEST(SecretParts, are_user_query_and_fragment) {
  const auto parts = secret_parts_of("https://u:p@h:80/a?b=c&d#e?f");
  EXPECT_EQ(parts.userinfo, "u:p");
  EXPECT_EQ(parts.query, "b=c&d");
  EXPECT_EQ(parts.fragment, "e?f");
}

TEST(SecretParts, are_none_of_a_plain_url) {
  const auto parts = secret_parts_of("https://[::1]:80/a@b");
  EXPECT_EQ(parts.userinfo, "");
  EXPECT_EQ(parts.query, "");
  EXPECT_EQ(parts.fragment, "");
}

TEST(SecretParts, are_none_of_what_is_no_url) {
  EXPECT_EQ(secret_parts_of("u:p@h?a=b").query, "");
  EXPECT_EQ(secret_parts_of("").userinfo, "");
}

TEST(SecretParts, have_a_user_up_to_the_last_at) {
  EXPECT_EQ(secret_parts_of("https://u:p@ss@h/a").userinfo, "u:p@ss");
}

TEST(SecretParts, have_a_password_that_was_not_encoded) {
  for (const auto* password : {"pa/ss", "pa?ss", "pa#ss", "pa\\ss"})
    EXPECT_EQ(secret_parts_of("https://u:" + std::string(password) + "@h/a").userinfo,
              "u:" + std::string(password));
}

TEST(SecretParts, take_a_port_for_no_password) {
  EXPECT_EQ(secret_parts_of("https://h:80/a@b").userinfo, "");
}

TEST(SecretParts, may_have_a_fragment_alone) {
  const auto parts = secret_parts_of("https://h/a#b");
  EXPECT_EQ(parts.query, "");
  EXPECT_EQ(parts.fragment, "b");
}

}  // namespace
}  // namespace okg
