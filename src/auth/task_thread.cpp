#include "auth/task_thread.hpp"

#include <utility>

namespace okg::auth {

TaskThread::TaskThread(std::size_t max_waiting)
    : max_waiting_(max_waiting), thread_([this](const std::stop_token& stop) { run(stop); }) {}

bool TaskThread::post(Task task) {
  const std::lock_guard lock(mutex_);
  if (is_stopped_ || waiting_.size() >= max_waiting_) return false;
  waiting_.push_back(std::move(task));
  changed_.notify_one();
  return true;
}

void TaskThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void TaskThread::run(const std::stop_token& stop) {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [&] { return !waiting_.empty(); })) return;
    const auto task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    task(stop);
  }
}

}  // namespace okg::auth
