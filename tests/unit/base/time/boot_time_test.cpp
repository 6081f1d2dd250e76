#include "base/time/boot_time.hpp"

#include <gtest/gtest.h>

namespace okg {
namespace {

TEST(BootTime, goes_on) {
  const auto before = BootClock::now();
  const auto moment = this_moment();
  EXPECT_GT(before.time_since_epoch().count(), 0);
  EXPECT_GE(moment.boot, before);
  EXPECT_GE(BootClock::now(), moment.boot);
}

TEST(BootTime, is_of_a_boot_that_has_a_name) {
  const auto moment = this_moment();
  EXPECT_EQ(moment.boot_id.size(), 36U) << moment.boot_id;  // a UUID
  EXPECT_EQ(this_moment().boot_id, moment.boot_id);
}

}  // namespace
}  // namespace okg
