#include "auth/secret_digest.hpp"

#include <gtest/gtest.h>

namespace okg::auth {
namespace {

TEST(SecretDigest, is_a_sha256) {
  EXPECT_EQ(digest_of("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(SecretDigest, is_equal_for_the_same_secret_alone) {
  EXPECT_TRUE(are_equal(digest_of("a"), digest_of("a")));
  EXPECT_FALSE(are_equal(digest_of("a"), digest_of("b")));
  EXPECT_FALSE(are_equal(digest_of("a"), digest_of(std::string_view("a\0", 2))));
}

TEST(SecretDigest, is_compared_to_its_last_digit) {
  const auto digest = [](char last) { return Sha256::parse(std::string(63, 'a') + last).value(); };
  EXPECT_TRUE(are_equal(digest('a'), digest('a')));
  EXPECT_FALSE(are_equal(digest('a'), digest('b')));
}

}  // namespace
}  // namespace okg::auth
