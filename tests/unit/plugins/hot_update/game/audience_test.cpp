#include "plugins/hot_update/game/audience.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace okg::hot_update {
namespace {

using namespace std::chrono_literals;

// The intent is of 100 s after the boot; the content went live 1 s later, and a start finishes
// the update 60 s after the intent.
const Timestamp kWall{1'795'000'000s};
const BootTime kBoot{100s};
const Moment kIntent{kWall, kBoot, "this boot"};
const Timestamp kChanged = kWall + 1s;

/// By a clock that was set by `set` since the intent.
Moment later(std::chrono::seconds set, const std::string& boot = "this boot") {
  return {kWall + 60s + set, kBoot + 60s, boot};
}

/// A process that started then.
process::Process started(std::chrono::milliseconds since_boot) {
  process::Process process;
  process.start_ticks =
      static_cast<std::uint64_t>(since_boot.count() * ::sysconf(_SC_CLK_TCK) / 1000);
  return process;
}

bool has_read_it(std::chrono::milliseconds since_boot, BootTime live_since) {
  return Audience::started_before(live_since).has_read_it(started(since_boot));
}

TEST(WentLive, is_known_however_the_clock_was_set_since) {
  for (const auto set : {0s, 3600s, -3600s, 30'000'000s, -30'000'000s}) {
    const auto live_since = went_live(kIntent, kChanged, later(set));
    EXPECT_FALSE(has_read_it(50s, live_since)) << set.count();
    EXPECT_FALSE(has_read_it(100s, live_since)) << set.count();
    EXPECT_FALSE(has_read_it(101s, live_since)) << set.count();
    EXPECT_TRUE(has_read_it(101s + 20ms, live_since)) << set.count();
    EXPECT_TRUE(has_read_it(170s, live_since)) << set.count();
  }
}

TEST(WentLive, is_neither_before_the_intent_nor_after_now_whatever_a_file_server_says) {
  for (const auto skew : {3600s, -3600s}) {
    const auto live_since = went_live(kIntent, kChanged + skew, later(0s));
    EXPECT_FALSE(has_read_it(100s, live_since)) << skew.count();
    EXPECT_TRUE(has_read_it(160s + 10ms, live_since)) << skew.count();
  }
}

TEST(WentLive, counts_the_tick_by_which_the_time_of_a_file_is_late) {
  EXPECT_FALSE(has_read_it(101s + 10ms, went_live(kIntent, kChanged, later(0s))));
}

TEST(WentLive, was_before_all_processes_of_another_boot) {
  const Moment rebooted{kWall + 60s, BootTime(5s), "another boot"};
  EXPECT_TRUE(has_read_it(0s, went_live(kIntent, kChanged, rebooted)));
  EXPECT_TRUE(has_read_it(0s, went_live(kIntent, kChanged, later(-3600s, "another boot"))));
}

TEST(WentLive, is_taken_from_the_wall_clock_where_the_journal_does_not_say_it) {
  for (const auto& unknown : {std::optional<Moment>(), std::optional(Moment{kWall, kBoot, ""})}) {
    const auto live_since = went_live(unknown, kChanged, later(0s));
    EXPECT_FALSE(has_read_it(100s, live_since));
    EXPECT_TRUE(has_read_it(101s + 20ms, live_since));
    EXPECT_TRUE(has_read_it(160s + 10ms, went_live(unknown, kChanged, later(-3600s))));
  }
  EXPECT_FALSE(has_read_it(100s, went_live(kIntent, kChanged, later(0s, ""))));
  EXPECT_TRUE(has_read_it(101s + 20ms, went_live(kIntent, kChanged, later(0s, ""))));
}

TEST(Audience, is_everybody_who_is_there_before_content_goes_live_now) {
  const auto own = process::read_process(::getpid());
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_FALSE(Audience::started_before(BootClock::now()).has_read_it(*own));
}

}  // namespace
}  // namespace okg::hot_update
