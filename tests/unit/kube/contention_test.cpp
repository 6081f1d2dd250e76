#include "kube/contention.hpp"

#include <gtest/gtest.h>

namespace okg::kube {
namespace {

using namespace std::chrono_literals;

TEST(Contention, begins_with_no_turn_and_the_longest_timeout) {
  const Contention contention;
  EXPECT_EQ(contention.slowdown(), 1);
  EXPECT_EQ(contention.max_turns(1), 0ms);
  EXPECT_EQ(contention.timeout(250ms, 2s), 2s);
}

TEST(Contention, takes_up_to_four_times_the_quickest_answer_for_usual) {
  Contention contention;
  contention.answered(10ms, Writers::kOne);
  contention.answered(49ms, Writers::kOne);
  EXPECT_EQ(contention.slowdown(), 4);
  EXPECT_EQ(contention.max_turns(1), 0ms);
}

TEST(Contention, gives_a_turn_for_each_time_more) {
  Contention contention;
  contention.answered(10ms, Writers::kOne);
  contention.answered(100ms, Writers::kOne);
  EXPECT_EQ(contention.max_turns(1), 6 * Contention::kTurn);
  EXPECT_EQ(contention.max_turns(6), Contention::kTurn);
}

TEST(Contention, waits_no_longer_than_the_longest_turns) {
  Contention contention;
  contention.answered(1ms, Writers::kOne);
  contention.answered(60s, Writers::kOne);
  EXPECT_EQ(contention.max_turns(1), Contention::kMaxTurns);
  EXPECT_EQ(contention.max_turns(0), Contention::kMaxTurns);
}

TEST(Contention, forgets_a_slow_answer_with_the_next_quick_one) {
  Contention contention;
  contention.answered(10ms, Writers::kOne);
  contention.answered(1s, Writers::kOne);
  contention.answered(10ms, Writers::kOne);
  EXPECT_EQ(contention.max_turns(1), 0ms);
}

TEST(Contention, bounds_the_timeout_on_both_sides) {
  Contention near;
  near.answered(0ms, Writers::kOne);
  EXPECT_EQ(near.timeout(250ms, 2s), 250ms);
  Contention far;
  far.answered(1s, Writers::kOne);
  EXPECT_EQ(far.timeout(250ms, 2s), 2s);
}

TEST(Contention, prefers_the_answers_to_patches_of_many_writers_for_the_timeout) {
  Contention contention;
  contention.answered(10ms, Writers::kOne);
  contention.answered(100ms, Writers::kMany);
  EXPECT_EQ(contention.timeout(250ms, 2s), 400ms);
  contention.answered(10ms, Writers::kOne);
  EXPECT_EQ(contention.timeout(250ms, 2s), 400ms);
}

}  // namespace
}  // namespace okg::kube
