// How far the download in progress is, or the unpacking
// behind it, how fast it is, and when it will be done.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>

#include "api/update_view.hpp"
#include "content/archive/reader.hpp"
#include "content/download.hpp"

namespace okg::hot_update {

/// Thread-safe. Has no clock of its own.
class ProgressMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Another update begins.
  void begin();
  void note(const content::DownloadProgress& progress, Time now);
  void note(const content::UnpackProgress& progress, Time now);
  /// The rate is that of the last five seconds, and falls while nothing comes.
  [[nodiscard]] api::Progress at(Time now) const;

 private:
  struct Sample {
    Time time;
    std::uint64_t bytes;
  };

  /// Needs `mutex_`.
  void take(const api::Progress& progress, Time now);

  mutable std::mutex mutex_;
  api::Progress last_;          ///< without rate and ETA
  std::deque<Sample> samples_;  ///< oldest first, a tenth of a second apart
};

}  // namespace okg::hot_update
