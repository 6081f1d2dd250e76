#include "plugins/hot_update/follow/waiters.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

namespace okg::hot_update {
namespace {

using namespace std::chrono_literals;

/// Longer than any of these tests.
constexpr std::chrono::milliseconds kForever = 1h;

class WaitersTest : public testing::Test {
 protected:
  /// `answered_` has its name once it waits no longer.
  void wait_for(const std::string& id, const std::string& name) {
    ASSERT_TRUE(waiters_.add(id, kForever, [this, name] { answered_.push_back(name); }));
  }
  /// Ready once the time has passed.
  std::future<void> wait_briefly(const std::string& id, std::chrono::milliseconds patience) {
    auto promise = std::make_shared<std::promise<void>>();
    EXPECT_TRUE(waiters_.add(id, patience, [promise] { promise->set_value(); }));
    return promise->get_future();
  }
  static bool is_answered(std::future<void>& waiting) {
    return waiting.wait_for(20s) == std::future_status::ready;
  }

  std::vector<std::string> answered_;
  Waiters waiters_;
};

using Names = std::vector<std::string>;

TEST_F(WaitersTest, are_not_answered_before_the_update_ends) {
  wait_for("a", "first");
  EXPECT_EQ(answered_, Names{});
}

TEST_F(WaitersTest, are_all_answered_when_their_update_ends) {
  wait_for("a", "first");
  wait_for("a", "second");
  waiters_.end("a");
  EXPECT_EQ(answered_, (Names{"first", "second"}));
}

TEST_F(WaitersTest, wait_on_when_another_update_ends) {
  wait_for("a", "first");
  wait_for("b", "second");
  waiters_.end("b");
  EXPECT_EQ(answered_, Names{"second"});
}

TEST_F(WaitersTest, are_answered_once) {
  wait_for("a", "first");
  waiters_.end("a");
  waiters_.end("a");
  waiters_.stop();
  EXPECT_EQ(answered_, Names{"first"});
}

TEST_F(WaitersTest, are_answered_when_their_time_has_passed) {
  auto waiting = wait_briefly("a", 1ms);
  EXPECT_TRUE(is_answered(waiting));
}

TEST_F(WaitersTest, wait_each_for_its_own_time) {
  wait_for("a", "patient");
  auto brief = wait_briefly("a", 1ms);
  ASSERT_TRUE(is_answered(brief)) << "although it came behind one that waits longer";
  EXPECT_EQ(answered_, Names{});
}

TEST_F(WaitersTest, are_answered_in_time_also_when_nobody_waited_for_a_while) {
  auto first = wait_briefly("a", 0ms);
  ASSERT_TRUE(is_answered(first));
  auto second = wait_briefly("a", 0ms);
  EXPECT_TRUE(is_answered(second));
}

TEST_F(WaitersTest, are_all_answered_at_a_stop) {
  wait_for("a", "first");
  wait_for("b", "second");
  waiters_.stop();
  EXPECT_EQ(answered_, (Names{"first", "second"}));
}

TEST_F(WaitersTest, are_answered_at_once_after_a_stop) {
  waiters_.stop();
  wait_for("a", "first");
  EXPECT_EQ(answered_, Names{"first"});
}

TEST_F(WaitersTest, may_wait_again_as_they_are_answered) {
  ASSERT_TRUE(waiters_.add("a", kForever, [this] { wait_for("b", "again"); }));
  waiters_.end("a");
  waiters_.end("b");
  EXPECT_EQ(answered_, Names{"again"});
}

}  // namespace
}  // namespace okg::hot_update
