// Points in time of this boot of the machine. Unlike the wall clock, nobody sets this one.
#pragma once

#include <chrono>
#include <string>

#include "base/time/timestamp.hpp"

namespace okg {

/// It goes on while the machine is suspended; start times of processes are by it.
/// @source clock_gettime(2): CLOCK_BOOTTIME; proc(5): starttime
struct BootClock {
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;
  [[nodiscard]] static time_point now();
};
using BootTime = BootClock::time_point;

/// A point in time by both clocks: it is found again by another process, also after another boot.
struct Moment {
  Timestamp wall;
  BootTime boot;
  std::string boot_id;  ///< which boot that is; empty: the kernel does not say
  bool operator==(const Moment&) const = default;
};

/// @source random(4): boot_id
[[nodiscard]] Moment this_moment();

}  // namespace okg
