#include "base/time/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace okg {
namespace {

TEST(Backoff, grows_to_its_limit_with_jitter_and_begins_again) {
  using std::chrono::milliseconds;
  Backoff backoff(milliseconds(100), milliseconds(1000), 1);
  std::int64_t step = 100;
  for (int i = 0; i < 8; ++i, step = std::min<std::int64_t>(1000, step * 2)) {
    const auto delay = backoff.next().count();
    EXPECT_GE(delay, step / 2);
    EXPECT_LE(delay, step);
  }
  backoff.reset();
  EXPECT_LE(backoff.next().count(), 100);
}

}  // namespace
}  // namespace okg
