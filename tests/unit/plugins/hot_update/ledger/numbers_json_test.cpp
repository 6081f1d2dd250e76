#include "plugins/hot_update/ledger/numbers_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace okg::hot_update {
namespace {

using Json = nlohmann::json;

TEST(NumbersJson, takes_counts_to_the_largest) {
  EXPECT_EQ(count_of(Json(0U)), 0U);
  EXPECT_EQ(count_of(Json::parse("18446744073709551615")), UINT64_MAX);
}

TEST(NumbersJson, takes_nothing_else_for_a_count) {
  for (const auto* text : {"-1", "1.0", "\"1\"", "null", "true", "18446744073709551616"})
    EXPECT_THROW((void)count_of(Json::parse(text)), std::invalid_argument) << text;
}

TEST(NumbersJson, takes_numbers_below_zero) { EXPECT_EQ(number_of(Json(-1)), -1); }

TEST(NumbersJson, takes_no_fraction_for_a_number) {
  for (const auto* text : {"1.5", "1e3", "\"1\"", "null"})
    EXPECT_THROW((void)number_of(Json::parse(text)), std::invalid_argument) << text;
}

TEST(NumbersJson, writes_times_in_microseconds_since_1970) {
  EXPECT_EQ(time_json(Timestamp(std::chrono::seconds(2))).dump(), "2000000");
}

TEST(NumbersJson, reads_times_back_as_they_were_written) {
  for (const auto since : {std::chrono::microseconds(-1), std::chrono::microseconds(1)})
    EXPECT_EQ(time_of(time_json(Timestamp(since))), Timestamp(since));
}

}  // namespace
}  // namespace okg::hot_update
