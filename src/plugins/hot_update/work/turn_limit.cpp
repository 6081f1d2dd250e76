#include "plugins/hot_update/work/turn_limit.hpp"

#include <string>
#include <utility>

namespace okg::hot_update {

using Clock = std::chrono::steady_clock;

TurnLimit::TurnLimit(std::chrono::milliseconds max)
    : max_(max), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void TurnLimit::begin(std::stop_source turn) {
  const std::lock_guard lock(mutex_);
  turn_ = std::move(turn);
  began_ = Clock::now();
  reason_.reset();
}

void TurnLimit::end() {
  const std::lock_guard lock(mutex_);
  turn_.reset();
  reason_.reset();
  is_fetching_ = false;
}

void TurnLimit::set_stage(std::optional<Stage> stage) {
  const std::lock_guard lock(mutex_);
  is_fetching_ = stage == Stage::kFetch;
  changed_.notify_all();
}

void TurnLimit::set_waiting(std::size_t count) {
  const std::lock_guard lock(mutex_);
  waiting_ = count;
  changed_.notify_all();
}

std::optional<Error> TurnLimit::reason() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

void TurnLimit::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return may_end(); })) {
    const auto due = began_ + max_;
    // Goes on when this update may no longer be ended, or another one has begun.
    changed_.wait_until(lock, stop, due, [&] { return !may_end() || began_ + max_ != due; });
    if (stop.stop_requested() || !may_end() || Clock::now() < began_ + max_) continue;
    reason_ = fail(ErrorCode::kTimeout, Reason::kUpdateTimeout, "given up after ", max_.count(),
                   " ms, because ", waiting_, " updates wait behind it (maxUpdateSeconds)");
    turn_->request_stop();
  }
}

}  // namespace okg::hot_update
