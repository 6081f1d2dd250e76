// A thread of its own for what takes a while: the server's thread never waits.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace okg::auth {

/// Runs tasks one after the other. Each has its turn, those that
/// wait when it ends too: their stop token has been asked then.
class TaskThread {
 public:
  using Task = std::function<void(const std::stop_token& stop)>;

  explicit TaskThread(std::size_t max_waiting);

  /// Any thread. False when too many wait already.
  /// Nor once it is stopped.
  [[nodiscard]] bool post(Task task);
  /// Asks all tasks to stop, and waits for that. Any other thread.
  void stop();

 private:
  void run(const std::stop_token& stop);

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Task> waiting_;
  bool is_stopped_ = false;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace okg::auth
