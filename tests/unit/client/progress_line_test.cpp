#include "client/progress_line.hpp"

#include <gtest/gtest.h>

namespace okg::client {
namespace {

std::string bar(std::uint64_t done, std::optional<std::uint64_t> total) {
  return bar_of({.bytes_done = done, .bytes_total = total});
}

TEST(BarOf, has_22_columns_whatever_has_come) {
  EXPECT_EQ(bar(0, 100), "[>                   ] ");
  EXPECT_EQ(bar(50, 100), "[==========>         ] ");
  EXPECT_EQ(bar(99, 100), "[===================>] ");
  EXPECT_EQ(bar(100, 100), "[====================] ");
}

TEST(BarOf, is_full_when_more_has_come_than_was_said) { EXPECT_EQ(bar(200, 100), bar(100, 100)); }

TEST(BarOf, is_empty_without_a_total) {
  EXPECT_EQ(bar(5, std::nullopt), "");
  EXPECT_EQ(bar(0, 0), "");
}

/// What goes to standard error.
class ProgressLineTest : public testing::Test {
 protected:
  ProgressLineTest() {
    view_.state = api::UpdateState::kInProgress;
    view_.open.stage = "fetch";
    view_.progress = {.bytes_done = 1, .bytes_total = 2, .files_total = {}};
    testing::internal::CaptureStderr();
  }
  static std::string said() { return testing::internal::GetCapturedStderr(); }

  api::UpdateView view_;
};

constexpr auto kHalf = "fetch: 1 B of 2 B (50 %)";
constexpr auto kEmptyLine = "\r\x1b[K";

TEST_F(ProgressLineTest, says_nothing_where_nothing_is_to_be_shown) {
  ProgressLine(ProgressStyle::kNone).show(view_);
  EXPECT_EQ(said(), "");
}

TEST_F(ProgressLineTest, says_a_line_when_something_has_changed) {
  ProgressLine line(ProgressStyle::kLines);
  line.show(view_);
  line.show(view_);
  view_.open.stage = "verify";
  line.show(view_);
  EXPECT_EQ(said(), std::string(kHalf) + "\nverify: 1 B of 2 B (50 %)\n");
}

TEST_F(ProgressLineTest, says_no_new_line_for_another_rate) {
  ProgressLine line(ProgressStyle::kLines);
  line.show(view_);
  view_.progress.bytes_per_second = 7;
  line.show(view_);
  EXPECT_EQ(said(), std::string(kHalf) + "\n");
}

TEST_F(ProgressLineTest, draws_its_bar_again_and_again) {
  {
    ProgressLine line(ProgressStyle::kBar);
    line.show(view_);
    line.show(view_);
  }
  const auto drawn = std::string(kEmptyLine) + "[==========>         ] " + kHalf;
  EXPECT_EQ(said(), drawn + drawn + kEmptyLine);
}

TEST_F(ProgressLineTest, takes_the_bar_away_for_what_is_said_besides) {
  ProgressLine line(ProgressStyle::kBar);
  line.show(view_);
  line.say("queued");
  EXPECT_TRUE(said().ends_with(std::string(kHalf) + kEmptyLine + "queued\n"));
}

TEST_F(ProgressLineTest, says_nothing_of_an_update_that_has_ended) {
  view_.state = api::UpdateState::kEnded;
  ProgressLine(ProgressStyle::kLines).show(view_);
  EXPECT_EQ(said(), "");
}

}  // namespace
}  // namespace okg::client
