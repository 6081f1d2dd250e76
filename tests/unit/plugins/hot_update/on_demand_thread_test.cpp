#include "plugins/hot_update/on_demand_thread.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/time/wait.hpp"

namespace okg::hot_update {
namespace {

/// Adds up numbers that it is given.
class Sum {
 public:
  void add(int number) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(number);
    thread_.start();
  }
  int await(int sum) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(60), [&] { return sum_ == sum; });
    return sum_;
  }
  [[nodiscard]] int most_at_once() const { return most_; }
  void join() { thread_.join(); }

 private:
  void run(std::unique_lock<std::mutex>& lock) {
    while (!waiting_.empty()) {
      const auto number = waiting_.back();
      waiting_.pop_back();
      lock.unlock();
      most_ = std::max<int>(most_, ++at_once_);
      std::this_thread::yield();
      --at_once_;
      lock.lock();
      sum_ += number;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> waiting_;
  int sum_ = 0;
  std::atomic<int> at_once_ = 0;
  int most_ = 0;  ///< for the thread, and behind join()
  OnDemandThread thread_{mutex_, [this](auto& lock, const auto&) { run(lock); }};
};

TEST(OnDemandThread, works_again_when_more_comes_after_it_has_ended) {
  Sum sum;
  sum.add(1);
  EXPECT_EQ(sum.await(1), 1);
  sum.join();
  sum.add(2);
  EXPECT_EQ(sum.await(3), 3);
}

TEST(OnDemandThread, is_one_at_a_time_and_leaves_no_work_behind) {
  constexpr int kEach = 500;
  Sum sum;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 4; ++i)
      callers.emplace_back([&] {
        for (int j = 0; j < kEach; ++j) sum.add(1);
      });
  }
  EXPECT_EQ(sum.await(4 * kEach), 4 * kEach);
  sum.join();
  EXPECT_EQ(sum.most_at_once(), 1);
}

/// Works until it is asked to stop.
class Endless {
 public:
  void start() {
    const std::lock_guard lock(mutex_);
    thread_.start();
  }
  void request_stop() {
    const std::lock_guard lock(mutex_);
    thread_.request_stop();
  }
  void join() { thread_.join(); }
  [[nodiscard]] int stopped() const { return stopped_; }

 private:
  std::mutex mutex_;
  std::atomic<int> stopped_ = 0;
  OnDemandThread thread_{mutex_, [this](auto& lock, const auto& stop) {
                           lock.unlock();
                           if (!wait_for(stop, std::chrono::seconds(60))) ++stopped_;
                           lock.lock();
                         }};
};

TEST(OnDemandThread, is_asked_to_stop_and_starts_again) {
  Endless endless;
  for (int times = 1; times <= 2; ++times) {
    endless.start();
    endless.request_stop();
    endless.join();
    EXPECT_EQ(endless.stopped(), times);
  }
}

TEST(OnDemandThread, is_asked_to_stop_when_its_owner_goes) {
  std::optional<Endless> endless(std::in_place);
  endless->start();
  endless.reset();  // would hang for a minute
}

}  // namespace
}  // namespace okg::hot_update
