#include <gtest/gtest.h>

#include <array>
#include <set>

#include "base/backoff.hpp"
#include "base/byte_size.hpp"
#include "base/closest.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/timestamp.hpp"

namespace okg {
namespace {

TEST(Shortened, cuts_between_two_characters) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abcd", 3), "abc…");
  EXPECT_EQ(shortened("界界", 3), "界…");
  EXPECT_EQ(shortened("界界", 5), "界…");
  EXPECT_EQ(shortened("\x80\x80\x80", 2), "…");
}

TEST(ByteSize, reads_kubernetes_quantities) {
  EXPECT_EQ(parse_byte_size("500").value(), 500U);
  EXPECT_EQ(parse_byte_size("128Mi").value(), 128U << 20U);
  EXPECT_EQ(parse_byte_size("1.5Gi").value(), 1610612736U);
  EXPECT_EQ(parse_byte_size("1G").value(), 1000000000U);
  EXPECT_EQ(parse_byte_size("1e3").value(), 1000U);
  EXPECT_EQ(parse_byte_size("100m").value(), 1U);
  EXPECT_EQ(parse_cpu_millis("100m").value(), 100U);
  EXPECT_EQ(parse_cpu_millis("0.5").value(), 500U);
  EXPECT_EQ(parse_cpu_millis("2").value(), 2000U);
}

TEST(ByteSize, refuses_what_is_no_quantity_and_says_how_to_write_one) {
  for (const auto* text : {"", "lots", "-1", "1Kib", "1 Mi", "Mi", "inf", "nan", "1e30", "0x10"}) {
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
}

TEST(Closest, names_the_nearest_word_or_none) {
  static constexpr std::array<std::string_view, 3> kWords{"signalName", "processName",
                                                          "waitSeconds"};
  EXPECT_EQ(closest("signalNmae", kWords), "signalName");
  EXPECT_EQ(closest("PROCESSNAME", kWords), "processName");
  EXPECT_EQ(closest("colour", kWords), "");
}

TEST(Sha256, is_that_of_the_bytes_and_reads_either_case) {
  Sha256Stream stream;
  stream.update(std::as_bytes(std::span("ab", 2)));
  stream.update(std::as_bytes(std::span("c", 1)));
  const auto digest = stream.finish();
  // @source FIPS 180-4, the example "abc"
  EXPECT_EQ(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      Sha256::parse("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD").value(),
      digest);
  EXPECT_FALSE(Sha256::parse("ba78"));
  EXPECT_FALSE(Sha256::parse(std::string(64, 'g')));
  EXPECT_NE(stream.finish(), digest);
}

TEST(Timestamp, comes_back_from_text_to_the_microsecond) {
  const auto time = parse_timestamp("2026-11-23T08:15:30.123456Z").value();
  EXPECT_EQ(format_timestamp(time), "2026-11-23T08:15:30.123456Z");
  EXPECT_EQ(format_timestamp(parse_timestamp("2026-11-23T08:15:30Z").value()),
            "2026-11-23T08:15:30.000000Z");
  EXPECT_EQ(parse_timestamp("2026-11-23T08:15:30.5Z").value() -
                parse_timestamp("2026-11-23T08:15:30Z").value(),
            std::chrono::milliseconds(500));
  for (const auto* text :
       {"", "yesterday", "2026-11-23", "2026-11-23T08:15:30", "2026-11-23T08:15:30.Z",
        "2026-11-23T08:15:30+01:00", "2026-06-31T08:15:30Z", "2026-11-23T24:15:30Z",
        "-026-11-23T08:15:30Z", " 026-11-23T08:15:30Z", "2026--1-23T08:15:30Z"})
    EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(Backoff, grows_to_its_limit_with_jitter_and_begins_again) {
  using std::chrono::milliseconds;
  Backoff backoff(milliseconds(100), milliseconds(1000), 1);
  std::int64_t step = 100;
  for (int i = 0; i < 8; ++i, step = std::min<std::int64_t>(1000, step * 2)) {
    const auto delay = backoff.next().count();
    EXPECT_GE(delay, step / 2);
    EXPECT_LE(delay, step);
  }
  backoff.reset();
  EXPECT_LE(backoff.next().count(), 100);
}

}  // namespace
}  // namespace okg
