#include "base/text/base64.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace okg {
namespace {

using namespace std::string_literals;

/// @source RFC 4648, section 10
class Base64 : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(Base64, is_written) { EXPECT_EQ(encode_base64(GetParam().first), GetParam().second); }
TEST_P(Base64, is_read) { EXPECT_EQ(decode_base64(GetParam().second), GetParam().first); }

INSTANTIATE_TEST_SUITE_P(Rfc, Base64,
                         testing::Values(std::pair(""s, ""s), std::pair("f"s, "Zg=="s),
                                         std::pair("fo"s, "Zm8="s), std::pair("foo"s, "Zm9v"s),
                                         std::pair("foob"s, "Zm9vYg=="s),
                                         std::pair("fooba"s, "Zm9vYmE="s),
                                         std::pair("\xfb\xff\0"s, "+/8A"s)));

class NoBase64 : public testing::TestWithParam<std::string> {};

TEST_P(NoBase64, is_refused) { EXPECT_FALSE(decode_base64(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(All, NoBase64,
                         testing::Values("=", "====", "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=",
                                         " Zg==", "Zg== ", "Zg==\n", "Zg==Zg==", "Zm9v=", "-_8A",
                                         "Zm9\0"s, "\xff\xff\xff\xff"));

TEST(Base64OfBytes, is_of_that_number_of_them) {
  std::array<std::uint8_t, 2> bytes{};
  EXPECT_TRUE(decode_base64("Zm8=", bytes));
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 2>{'f', 'o'}));
  EXPECT_FALSE(decode_base64("Zm9v", bytes));
  EXPECT_FALSE(decode_base64("Zg==", bytes));
}

}  // namespace
}  // namespace okg
