#include "http/client/pace.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

using namespace std::chrono_literals;

TEST(Pace, lets_everything_come_without_a_limit) {
  Pace pace(0);
  pace.took(1'000'000'000);
  EXPECT_FALSE(pace.is_ahead());
  EXPECT_EQ(pace.rest(), 0ms);
}

TEST(Pace, lets_the_first_bytes_come) {
  const Pace pace(1000);
  EXPECT_FALSE(pace.is_ahead());
  EXPECT_EQ(pace.rest(), 0ms);
}

TEST(Pace, rests_for_as_long_as_the_bytes_should_have_taken) {
  Pace pace(1000);
  pace.took(100'000);
  EXPECT_TRUE(pace.is_ahead());
  EXPECT_LE(pace.rest(), 100s);
  EXPECT_GT(pace.rest(), 95s);
}

TEST(Pace, adds_up) {
  Pace pace(1000);
  pace.took(50'000);
  pace.took(50'000);
  EXPECT_GT(pace.rest(), 95s);
}

TEST(Pace, is_not_ahead_by_a_few_milliseconds) {
  Pace pace(1'000'000);
  pace.took(10'000);
  EXPECT_FALSE(pace.is_ahead());
}

}  // namespace
}  // namespace okg::http
