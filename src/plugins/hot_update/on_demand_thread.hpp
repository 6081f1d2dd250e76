// A thread that is there while there is work for it, and none otherwise.
#pragma once

#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace okg::hot_update {

/// Its owner has the work, the mutex that guards it, and this thread as the
/// last member: it ends before what it uses. Adding work and start() happen
/// under one lock, so that no work is left behind by a thread that ends.
class OnDemandThread {
 public:
  /// Runs on the thread with `lock` held, and returns with it held once
  /// nothing is left to do. What takes a while it does unlocked.
  using Work = std::function<void(std::unique_lock<std::mutex>& lock, const std::stop_token& stop)>;

  /// The mutex outlives it.
  OnDemandThread(std::mutex& mutex, Work work);

  /// Needs the mutex. Starts the thread, unless it runs.
  void start();
  /// Needs the mutex. Asks the work of now to end; start() works all the same.
  void request_stop();
  /// Waits until the thread has ended; nobody calls start() any longer. Without the mutex.
  void join();

 private:
  void run(const std::stop_token& stop);

  std::mutex& mutex_;
  const Work work_;
  bool runs_ = false;  ///< false: the thread has given up `mutex_` for good
  std::jthread thread_;
};

}  // namespace okg::hot_update
