// Notices that a transfer has stalled: too few bytes for too long.
#pragma once

#include <chrono>
#include <cstdint>

namespace okg::http {

/// libcurl's own (CURLOPT_LOW_SPEED_TIME) counts whole
/// seconds, and an average in which a burst hides a silence.
class StallWatch {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::uint64_t kBytesPerSecond = 16;

  /// `limit`: for how long fewer than kBytesPerSecond may come; 0: for ever.
  explicit StallWatch(std::chrono::milliseconds limit) : limit_(limit) {}

  /// How long it may go on like this; not positive when the
  /// limit is reached. `bytes`: sent and received so far.
  std::chrono::milliseconds left(std::uint64_t bytes, Clock::time_point now) {
    if (limit_.count() == 0) return std::chrono::milliseconds::max();
    const auto enough = static_cast<std::uint64_t>(limit_.count()) * kBytesPerSecond / 1000;
    if (began_ == Clock::time_point{} || bytes - bytes_ > enough) {
      began_ = now;
      bytes_ = bytes;
    }
    return limit_ - std::chrono::duration_cast<std::chrono::milliseconds>(now - began_);
  }

 private:
  std::chrono::milliseconds limit_;
  Clock::time_point began_{};
  std::uint64_t bytes_ = 0;
};

}  // namespace okg::http
