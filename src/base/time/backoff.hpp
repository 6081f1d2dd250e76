// Growing, jittered delays between attempts. Says how
// long; waiting is the caller's (see base/time/wait.hpp).
#pragma once

#include <chrono>
#include <cstdint>

namespace okg {

class Backoff {
 public:
  using Duration = std::chrono::milliseconds;

  /// Delays grow from `first` by doubling up to
  /// `max_delay`. `seed` makes them repeatable in tests.
  Backoff(Duration first, Duration max_delay, std::uint_fast32_t seed = any_seed())
      : first_(first), max_delay_(max_delay), current_(first), random_(seed) {}

  /// The next delay: between half of and the whole current step,
  /// so that many pods do not come back at the same moment.
  Duration next();
  void reset() { current_ = first_; }

  /// From the kernel, another one each time.
  static std::uint_fast32_t any_seed();

 private:
  Duration first_;
  Duration max_delay_;
  Duration current_;
  std::uint_fast32_t random_;  ///< the last number that was drawn
};

}  // namespace okg
