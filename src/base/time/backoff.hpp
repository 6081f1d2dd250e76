// Growing, jittered delays between attempts. Says how
// long; waiting is the caller's (see base/time/wait.hpp).
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace okg {

class Backoff {
 public:
  using Duration = std::chrono::milliseconds;

  /// Delays grow from `first` by doubling up to
  /// `max_delay`. `seed` makes them repeatable in tests.
  Backoff(Duration first, Duration max_delay, std::uint_fast32_t seed = std::random_device{}())
      : first_(first), max_delay_(max_delay), current_(first), random_(seed) {}

  /// The next delay: between half of and the whole current step,
  /// so that many pods do not come back at the same moment.
  Duration next() {
    const auto step = current_.count();
    current_ = std::min(max_delay_, current_ * 2);
    return Duration(std::uniform_int_distribution<Duration::rep>(step / 2, step)(random_));
  }
  void reset() { current_ = first_; }

 private:
  Duration first_;
  Duration max_delay_;
  Duration current_;
  std::minstd_rand random_;
};

}  // namespace okg
