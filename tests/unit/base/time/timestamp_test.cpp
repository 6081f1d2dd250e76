#include "base/time/timestamp.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace okg {
namespace {

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

}  // namespace
}  // namespace okg
