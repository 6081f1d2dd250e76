#include "plugins/hot_update/work/download_limit.hpp"

#include <string>
#include <utility>

namespace okg::hot_update {

using Clock = std::chrono::steady_clock;

DownloadLimit::DownloadLimit(std::chrono::milliseconds max)
    : deadline_(max), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void DownloadLimit::begin(std::stop_source download) {
  const std::lock_guard lock(mutex_);
  download_ = std::move(download);
  deadline_.begin(Clock::now());
  reason_.reset();
}

void DownloadLimit::end() {
  const std::lock_guard lock(mutex_);
  download_.reset();
  reason_.reset();
  deadline_.end();
}

void DownloadLimit::set_stage(std::optional<Stage> stage) {
  const std::lock_guard lock(mutex_);
  deadline_.set_stage(stage);
  changed_.notify_all();
}

void DownloadLimit::set_waiting(std::size_t count) {
  const std::lock_guard lock(mutex_);
  deadline_.set_waiting(count);
  changed_.notify_all();
}

std::optional<Error> DownloadLimit::reason() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

void DownloadLimit::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return due().has_value(); })) {
    const auto awaited = due();
    // Goes on when this update may no longer be ended, or another one has begun.
    changed_.wait_until(lock, stop, *awaited, [&] { return due() != awaited; });
    if (stop.stop_requested() || due() != awaited || Clock::now() < *awaited) continue;
    reason_ = fail(ErrorCode::kTimeout, Reason::kUpdateTimeout, "given up after ",
                   deadline_.max().count(), " ms, because ", deadline_.waiting(),
                   " updates wait behind it (maxUpdateSeconds)");
    download_->request_stop();
  }
}

}  // namespace okg::hot_update
