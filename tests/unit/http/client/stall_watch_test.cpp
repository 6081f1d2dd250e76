#include "http/client/stall_watch.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

using namespace std::chrono_literals;

/// At 100 s of a clock, so that it is never its epoch.
StallWatch::Clock::time_point at(std::chrono::milliseconds time) {
  return StallWatch::Clock::time_point(100s + time);
}

TEST(StallWatch, has_all_of_its_time_at_first) {
  StallWatch watch(10s);
  EXPECT_EQ(watch.left(0, at(0s)), 10s);
}

TEST(StallWatch, counts_down_while_too_little_comes) {
  StallWatch watch(10s);
  (void)watch.left(0, at(0s));
  EXPECT_EQ(watch.left(1, at(4s)), 6s);
  EXPECT_EQ(watch.left(160, at(10s)), 0s);
}

TEST(StallWatch, begins_again_when_enough_has_come) {
  StallWatch watch(10s);
  (void)watch.left(0, at(0s));
  EXPECT_EQ(watch.left(161, at(9s)), 10s);
  EXPECT_EQ(watch.left(161, at(12s)), 7s);
}

TEST(StallWatch, counts_from_the_burst_and_no_average) {
  StallWatch watch(10s);
  (void)watch.left(0, at(0s));
  (void)watch.left(1'000'000, at(1s));
  EXPECT_EQ(watch.left(1'000'000, at(11s)), 0s);
}

TEST(StallWatch, waits_for_ever_without_a_limit) {
  StallWatch watch(0s);
  (void)watch.left(0, at(0s));
  EXPECT_EQ(watch.left(0, at(1h)), std::chrono::milliseconds::max());
}

}  // namespace
}  // namespace okg::http
