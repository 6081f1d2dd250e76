#include "base/time/backoff.hpp"

#include <algorithm>
#include <random>

namespace okg {

std::uint_fast32_t Backoff::any_seed() { return std::random_device{}(); }

Backoff::Duration Backoff::next() {
  const auto step = current_.count();
  current_ = std::min(max_delay_, current_ * 2);
  // The last number that a generator of this kind gave is its
  // whole state. Kept as such, <random> stays out of the header.
  std::minstd_rand random(random_);
  const auto delay = std::uniform_int_distribution<Duration::rep>(step / 2, step)(random);
  random_ = random();
  return Duration(delay);
}

}  // namespace okg
