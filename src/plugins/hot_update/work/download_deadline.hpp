// When an update has to end because others wait behind it:
// pure, without a thread, a clock or a lock.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "plugins/hot_update/ledger/stage.hpp"

namespace okg::hot_update {

class DownloadDeadline {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit DownloadDeadline(std::chrono::milliseconds max) : max_(max) {}

  void begin(Time now) { began_ = now; }
  void end() { began_.reset(), is_fetching_ = false; }
  void set_stage(std::optional<Stage> stage) { is_fetching_ = stage == Stage::kFetch; }
  void set_waiting(std::size_t count) { waiting_ = count; }

  /// Nothing while the update in progress may take its time: what
  /// comes after the download is not ended, nor is what nobody waits for.
  [[nodiscard]] std::optional<Time> due() const {
    if (!began_ || !is_fetching_ || waiting_ == 0) return std::nullopt;
    return *began_ + max_;
  }
  [[nodiscard]] std::chrono::milliseconds max() const { return max_; }
  [[nodiscard]] std::size_t waiting() const { return waiting_; }

 private:
  std::chrono::milliseconds max_;
  std::optional<Time> began_;
  bool is_fetching_ = false;
  std::size_t waiting_ = 0;
};

}  // namespace okg::hot_update
