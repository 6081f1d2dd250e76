#include "plugins/hot_update/follow/waiters.hpp"

#include <algorithm>
#include <utility>

namespace okg::hot_update {

Result<void> Waiters::add(std::string id, std::chrono::milliseconds patience, OnEnd on_end) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMaxWaiting)
      return fail(ErrorCode::kConflict, Reason::kQueueFull, kMaxWaiting,
                  " calls wait for updates already; try again later, or without waitSeconds");
    if (!is_stopping_) {
      waiting_.push_back(
          {std::move(id), std::chrono::steady_clock::now() + patience, std::move(on_end)});
      changed_.notify_all();
      thread_.start();
      return {};
    }
  }
  on_end();
  return {};
}

std::vector<Waiters::Waiting> Waiters::take(const std::function<bool(const Waiting&)>& which) {
  std::vector<Waiting> taken;
  std::erase_if(waiting_, [&](Waiting& each) {
    if (!which(each)) return false;
    taken.push_back(std::move(each));
    return true;
  });
  changed_.notify_all();
  return taken;
}

void Waiters::end(const std::string& id) {
  std::vector<Waiting> ended;
  {
    const std::lock_guard lock(mutex_);
    ended = take([&](const Waiting& each) { return each.id == id; });
  }
  for (const auto& each : ended) each.on_end();
}

void Waiters::stop() {
  std::vector<Waiting> ended;
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    ended = take([](const Waiting&) { return true; });
  }
  for (const auto& each : ended) each.on_end();
  thread_.join();
}

void Waiters::run(std::unique_lock<std::mutex>& lock) {
  while (!waiting_.empty()) {
    const auto first = std::ranges::min_element(
        waiting_, [](const Waiting& a, const Waiting& b) { return a.until < b.until; });
    const auto until = first->until;
    changed_.wait_until(lock, until);
    const auto now = std::chrono::steady_clock::now();
    const auto late = take([&](const Waiting& each) { return each.until <= now; });
    lock.unlock();
    for (const auto& each : late) each.on_end();
    lock.lock();
  }
}

}  // namespace okg::hot_update
