#include "plugins/hot_update/work/turn_limit.hpp"

#include <string>
#include <utility>

namespace okg::hot_update {

using Clock = std::chrono::steady_clock;

TurnLimit::TurnLimit(std::chrono::milliseconds max)
    : deadline_(max), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void TurnLimit::begin(std::stop_source turn) {
  const std::lock_guard lock(mutex_);
  turn_ = std::move(turn);
  deadline_.begin(Clock::now());
  reason_.reset();
}

void TurnLimit::end() {
  const std::lock_guard lock(mutex_);
  turn_.reset();
  reason_.reset();
  deadline_.end();
}

void TurnLimit::set_stage(std::optional<Stage> stage) {
  const std::lock_guard lock(mutex_);
  deadline_.set_stage(stage);
  changed_.notify_all();
}

void TurnLimit::set_waiting(std::size_t count) {
  const std::lock_guard lock(mutex_);
  deadline_.set_waiting(count);
  changed_.notify_all();
}

std::optional<Error> TurnLimit::reason() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

void TurnLimit::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return due().has_value(); })) {
    const auto awaited = due();
    // Goes on when this update may no longer be ended, or another one has begun.
    changed_.wait_until(lock, stop, *awaited, [&] { return due() != awaited; });
    if (stop.stop_requested() || due() != awaited || Clock::now() < *awaited) continue;
    reason_ = fail(ErrorCode::kTimeout, Reason::kUpdateTimeout, "given up after ",
                   deadline_.max().count(), " ms, because ", deadline_.waiting(),
                   " updates wait behind it (maxUpdateSeconds)");
    turn_->request_stop();
  }
}

}  // namespace okg::hot_update
