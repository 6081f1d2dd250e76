#include "plugins/hot_update/follow/progress_meter.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

using std::chrono::milliseconds;

class ProgressMeterTest : public testing::Test {
 protected:
  void note(std::uint64_t bytes, int attempt = 1) {
    meter_.note(content::DownloadProgress{bytes, 1'000, attempt}, now_);
  }
  void pass(milliseconds time) { now_ += time; }
  [[nodiscard]] api::Progress progress() const { return meter_.at(now_); }

  ProgressMeter meter_;
  ProgressMeter::Time now_{std::chrono::hours(1)};
};

TEST_F(ProgressMeterTest, tells_rate_and_time_left) {
  note(0);
  for (int i = 1; i <= 10; ++i) {
    pass(milliseconds(100));
    note(static_cast<std::uint64_t>(50 * i));
  }
  EXPECT_EQ(progress().bytes_done, 500U);
  EXPECT_EQ(progress().bytes_total, 1'000U);
  EXPECT_EQ(progress().bytes_per_second, 500U);
  EXPECT_EQ(progress().eta, milliseconds(1'000));
}

TEST_F(ProgressMeterTest, slows_down_while_nothing_comes) {
  note(0);
  pass(milliseconds(1'000));
  note(500);
  pass(milliseconds(9'000));
  EXPECT_EQ(progress().bytes_per_second, 50U);
}

TEST_F(ProgressMeterTest, begins_again_when_an_archive_is_unpacked) {
  note(0, 2);
  pass(milliseconds(1'000));
  note(1'000, 2);
  meter_.note(content::UnpackProgress{0, 1'000}, now_);
  EXPECT_EQ(progress().bytes_done, 0U);
  EXPECT_EQ(progress().files_total, std::nullopt);
  pass(milliseconds(1'000));
  meter_.note(content::UnpackProgress{250, 1'000, 7, 28}, now_);
  EXPECT_EQ(progress().files_done, 7U);
  EXPECT_EQ(progress().files_total, 28U);
  EXPECT_EQ(progress().attempt, 2);
  EXPECT_EQ(progress().eta, milliseconds(3'000));
}

TEST_F(ProgressMeterTest, forgets_the_rate_of_long_ago) {
  note(0);
  pass(milliseconds(100));
  note(500);
  for (int i = 1; i <= 60; ++i) {
    pass(milliseconds(100));
    note(static_cast<std::uint64_t>(500 + i));
  }
  EXPECT_LE(progress().bytes_per_second, 11U);
}

TEST_F(ProgressMeterTest, does_not_count_what_an_earlier_attempt_had) {
  note(0);
  pass(milliseconds(100));
  note(900);
  pass(milliseconds(1'000));
  note(900, 2);
  EXPECT_EQ(progress().bytes_per_second, 0U);
  EXPECT_FALSE(progress().eta);
  pass(milliseconds(1'000));
  note(950, 2);
  EXPECT_EQ(progress().bytes_per_second, 50U);
  EXPECT_EQ(progress().attempt, 2);
}

TEST_F(ProgressMeterTest, knows_nothing_of_an_update_that_begins) {
  note(500);
  meter_.begin();
  EXPECT_EQ(progress(), api::Progress());
}

}  // namespace
}  // namespace okg::hot_update
