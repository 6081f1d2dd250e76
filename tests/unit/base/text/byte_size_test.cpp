#include "base/text/byte_size.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okg {
namespace {

TEST(ByteSize, reads_kubernetes_quantities) {
  EXPECT_EQ(parse_byte_size("500").value(), 500U);
  EXPECT_EQ(parse_byte_size("128Mi").value(), 128U << 20U);
  EXPECT_EQ(parse_byte_size("1.5Gi").value(), 1610612736U);
  EXPECT_EQ(parse_byte_size("1G").value(), 1000000000U);
  EXPECT_EQ(parse_byte_size("1e3").value(), 1000U);
  EXPECT_EQ(parse_cpu_millis("100m").value(), 100U);
  EXPECT_EQ(parse_cpu_millis("0.5").value(), 500U);
  EXPECT_EQ(parse_cpu_millis("2").value(), 2000U);
  EXPECT_EQ(parse_cpu_millis("0.1").value(), 100U);
  EXPECT_EQ(parse_cpu_millis("0.0001").value(), 1U);
}

TEST(ByteSize, refuses_what_is_no_quantity_and_says_how_to_write_one) {
  for (const auto* text : {"", "lots", "-1", "1Kib", "100m", "1 Mi", "Mi", "inf", "nan", "1e30",
                           "1e400", "0x10", "0X1"}) {
    const auto size = parse_byte_size(text);
    ASSERT_FALSE(size) << text;
    EXPECT_EQ(size.error().code, ErrorCode::kInvalid);
    EXPECT_NE(size.error().message.find(text), std::string::npos);
  }
}

TEST(ByteSize, formats_for_messages) {
  EXPECT_EQ(format_byte_size(0), "0 B");
  EXPECT_EQ(format_byte_size(1536), "1.5 KiB");
  EXPECT_EQ(format_byte_size(8ULL << 30U), "8 GiB");
  EXPECT_EQ(format_byte_size((1ULL << 20U) - 1), "1024.0 KiB");
  EXPECT_EQ(format_byte_size(~0ULL), "16.0 EiB");
}

}  // namespace
}  // namespace okg
