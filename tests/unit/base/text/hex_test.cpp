#include "base/text/hex.hpp"

#include <gtest/gtest.h>

#include <array>

namespace okg {
namespace {

TEST(Hex, is_two_digits_a_byte_and_is_read_in_either_case) {
  std::array<std::uint8_t, 3> bytes{};
  EXPECT_TRUE(from_hex("00aFFf", bytes));
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 3>{0x00, 0xaf, 0xff}));
  EXPECT_EQ(to_hex(bytes), "00afff");
}

TEST(Hex, refuses_another_number_of_digits_and_other_characters) {
  std::array<std::uint8_t, 2> bytes{};
  for (const auto* text : {"", "00", "00000", "000000", "000g", "0x00", " 000"})
    EXPECT_FALSE(from_hex(text, bytes)) << text;
}

TEST(HexByte, needs_both_digits) {
  EXPECT_EQ(hex_byte("%2f", 1), 0x2f);
  EXPECT_EQ(hex_byte("%2", 1), std::nullopt);
  EXPECT_EQ(hex_byte("%", 1), std::nullopt);
  EXPECT_EQ(hex_byte("%2g", 1), std::nullopt);
}

TEST(PercentEncoded, leaves_letters_digits_and_what_is_plain) {
  EXPECT_EQ(percent_encoded("aZ0/ü", "/"), "aZ0/%C3%BC");
  EXPECT_EQ(percent_encoded("aZ0/", ""), "aZ0%2F");
}

TEST(HexTest, writes_every_digit_of_a_number) {
  EXPECT_EQ(to_hex(std::uint64_t{0xff}), "00000000000000ff");
  EXPECT_EQ(to_hex(0xfedcba9876543210U), "fedcba9876543210");
}

}  // namespace
}  // namespace okg
