#include "plugins/hot_update/work/turn_limit.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace okg::hot_update {
namespace {

using namespace std::chrono_literals;

/// Whether the turn is asked to stop within that time.
bool stops(const std::stop_source& turn, std::chrono::milliseconds within) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, turn.get_token(), within, [] { return false; });
  return turn.stop_requested();
}

TEST(TurnLimit, ends_a_fetch_that_others_wait_behind) {
  TurnLimit limit(20ms);
  const std::stop_source turn;
  limit.begin(turn);
  limit.set_stage(Stage::kFetch);
  limit.set_waiting(3);
  EXPECT_TRUE(stops(turn, 5s));
  ASSERT_TRUE(limit.reason());
  EXPECT_EQ(limit.reason()->code, ErrorCode::kTimeout);
  EXPECT_NE(limit.reason()->message.find("maxUpdateSeconds"), std::string::npos);
  limit.end();
  EXPECT_FALSE(limit.reason());
}

TEST(TurnLimit, ends_it_when_somebody_comes_after_the_time) {
  TurnLimit limit(1ms);
  const std::stop_source turn;
  limit.begin(turn);
  limit.set_stage(Stage::kFetch);
  EXPECT_FALSE(stops(turn, 30ms)) << "nobody waits";
  limit.set_waiting(1);
  EXPECT_TRUE(stops(turn, 5s));
}

TEST(TurnLimit, leaves_what_is_beyond_the_fetch_alone) {
  TurnLimit limit(1ms);
  const std::stop_source turn;
  limit.begin(turn);
  limit.set_stage(Stage::kPublish);
  limit.set_waiting(1);
  EXPECT_FALSE(stops(turn, 30ms));
}

TEST(TurnLimit, gives_each_update_its_own_time) {
  TurnLimit limit(60ms);
  limit.set_waiting(1);
  const std::stop_source first;
  limit.begin(first);
  limit.set_stage(Stage::kFetch);
  std::this_thread::sleep_for(30ms);  // half of the first one's time passes
  limit.end();
  const std::stop_source second;
  const auto began = std::chrono::steady_clock::now();
  limit.begin(second);
  limit.set_stage(Stage::kFetch);
  EXPECT_TRUE(stops(second, 5s));
  EXPECT_GE(std::chrono::steady_clock::now() - began, 60ms);
}

}  // namespace
}  // namespace okg::hot_update
