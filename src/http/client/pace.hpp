// How fast bytes may come.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace okg::http {

/// When the next bytes may come. libcurl's own limit lets
/// more than a megabyte through before it first looks.
/// @source lib/transfer.c, readwrite_data (maxloops)
class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  /// 0: no limit.
  explicit Pace(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  [[nodiscard]] bool is_ahead() const { return due_ - Clock::now() > kAhead; }
  void took(std::size_t bytes) {
    if (bytes_per_second_ == 0) return;
    const auto share = std::chrono::duration<double>(static_cast<double>(bytes) /
                                                     static_cast<double>(bytes_per_second_));
    due_ = std::max(due_, Clock::now()) + std::chrono::duration_cast<Clock::duration>(share);
  }
  /// Rounded up; 0 when they may come now.
  [[nodiscard]] std::chrono::milliseconds rest() const {
    return std::max(std::chrono::milliseconds(0),
                    std::chrono::ceil<std::chrono::milliseconds>(due_ - Clock::now()));
  }

 private:
  static constexpr std::chrono::milliseconds kAhead{
      50};  // spares a wake-up for every few kilobytes of a fast transfer
  std::uint64_t bytes_per_second_;
  Clock::time_point due_{};
};

}  // namespace okg::http
