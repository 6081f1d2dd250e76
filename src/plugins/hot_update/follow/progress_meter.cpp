#include "plugins/hot_update/follow/progress_meter.hpp"

namespace okg::hot_update {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kWindow{5'000};
constexpr milliseconds kBetweenSamples{100};

/// Files and bytes of a download, or of unpacking.
api::Progress progress_of(const auto& progress, int attempt) {
  return {.bytes_done = progress.bytes_done,
          .bytes_total = progress.bytes_total,
          .files_done = progress.files_done,
          .files_total = progress.files_total,
          .attempt = attempt};
}

}  // namespace

void ProgressMeter::begin() {
  const std::lock_guard lock(mutex_);
  last_ = {};
  samples_.clear();
}

void ProgressMeter::note(const content::DownloadProgress& progress, Time now) {
  const std::lock_guard lock(mutex_);
  take(progress_of(progress, progress.attempt), now);
}

void ProgressMeter::note(const content::UnpackProgress& progress, Time now) {
  const std::lock_guard lock(mutex_);
  take(progress_of(progress, last_.attempt), now);
}

void ProgressMeter::take(const api::Progress& progress, Time now) {
  const bool begins_anew =
      progress.attempt != last_.attempt || progress.bytes_done < last_.bytes_done;
  last_ = progress;
  if (begins_anew) samples_.clear();
  if (!samples_.empty() && now - samples_.back().time < kBetweenSamples) return;
  samples_.push_back({now, progress.bytes_done});
  while (samples_.size() > 1 && now - samples_[1].time >= kWindow) samples_.pop_front();
}

api::Progress ProgressMeter::at(Time now) const {
  const std::lock_guard lock(mutex_);
  auto progress = last_;
  if (samples_.empty()) return progress;
  const auto& since = samples_.front();
  const auto seconds = std::chrono::duration<double>(now - since.time).count();
  const auto bytes = static_cast<double>(last_.bytes_done - since.bytes);
  if (seconds <= 0 || bytes <= 0) return progress;
  const double rate = bytes / seconds;
  progress.bytes_per_second = static_cast<std::uint64_t>(rate);
  if (last_.bytes_total && *last_.bytes_total >= last_.bytes_done) {
    const auto left = static_cast<double>(*last_.bytes_total - last_.bytes_done);
    progress.eta = milliseconds(static_cast<std::int64_t>(left / rate * 1000));
  }
  return progress;
}

}  // namespace okg::hot_update
