#include "auth/task_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

#include "base/time/wait.hpp"

namespace okg::auth {
namespace {

using std::chrono::seconds;

TEST(TaskThread, ends_the_task_that_runs_when_it_is_stopped) {
  TaskThread thread(1);
  std::promise<void> begun;
  std::atomic<bool> was_stopped = false;
  ASSERT_TRUE(thread.post([&](const std::stop_token& stop) {
    begun.set_value();
    was_stopped = !wait_for(stop, seconds(60));
  }));
  begun.get_future().wait();
  thread.stop();
  EXPECT_TRUE(was_stopped);
}

TEST(TaskThread, asks_what_waits_to_stop_and_takes_nothing_more_once_it_is_stopped) {
  TaskThread thread(2);
  std::promise<void> begun;
  std::atomic<bool> was_asked = false;
  ASSERT_TRUE(thread.post([&](const std::stop_token& stop) {
    begun.set_value();
    (void)wait_for(stop, seconds(60));
  }));
  begun.get_future().wait();
  ASSERT_TRUE(thread.post([&](const std::stop_token& stop) { was_asked = stop.stop_requested(); }));
  thread.stop();
  EXPECT_TRUE(was_asked);
  EXPECT_FALSE(thread.post([](const std::stop_token&) {}));
}

TEST(TaskThread, lets_so_many_wait_and_no_more) {
  TaskThread thread(1);
  std::promise<void> begun;
  ASSERT_TRUE(thread.post([&](const std::stop_token& stop) {
    begun.set_value();
    (void)wait_for(stop, seconds(60));
  }));
  begun.get_future().wait();
  EXPECT_TRUE(thread.post([](const std::stop_token&) {}));
  EXPECT_FALSE(thread.post([](const std::stop_token&) {}));
  thread.stop();
}

TEST(TaskThread, may_be_owned_by_a_task_once_it_is_stopped) {
  auto thread = std::make_shared<TaskThread>(1);
  std::promise<void> begun;
  ASSERT_TRUE(thread->post([thread, &begun](const std::stop_token& stop) {
    begun.set_value();
    (void)wait_for(stop, seconds(60));
  }));
  begun.get_future().wait();
  thread->stop();
  EXPECT_EQ(thread.use_count(), 1);
}

}  // namespace
}  // namespace okg::auth
