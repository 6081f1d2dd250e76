#include "files/background_writer.hpp"

#include <utility>

namespace okg::files {

Result<void> BackgroundWriter::add(std::size_t bytes, Task task) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return bytes_ < max_bytes_ || !done_; });
  if (!done_) return done_;
  waiting_.push_back({bytes, std::move(task)});
  bytes_ += bytes;
  changed_.notify_all();
  if (!thread_.joinable())
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  return {};
}

Result<void> BackgroundWriter::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.empty() || !done_; });
  return done_;
}

void BackgroundWriter::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&] { return !waiting_.empty(); }) && !stop.stop_requested()) {
    const auto& next = waiting_.front();
    lock.unlock();
    auto done = next.task();
    lock.lock();
    bytes_ -= next.bytes;
    waiting_.pop_front();
    done_ = std::move(done);
    changed_.notify_all();
    if (!done_) return;
  }
}

}  // namespace okg::files
