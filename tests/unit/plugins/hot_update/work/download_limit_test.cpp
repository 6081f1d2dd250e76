#include "plugins/hot_update/work/download_limit.hpp"

#include <gtest/gtest.h>

#include <future>

namespace okg::hot_update {
namespace {

using namespace std::chrono_literals;

constexpr DownloadDeadline::Time kBegan{1h};

DownloadDeadline fetching(std::size_t waiting) {
  DownloadDeadline deadline(20s);
  deadline.begin(kBegan);
  deadline.set_stage(Stage::kFetch);
  deadline.set_waiting(waiting);
  return deadline;
}

TEST(DownloadDeadline, is_of_a_fetch_that_others_wait_behind) {
  EXPECT_EQ(fetching(1).due(), kBegan + 20s);
  EXPECT_EQ(fetching(0).due(), std::nullopt);
}

TEST(DownloadDeadline, counts_from_the_beginning_when_somebody_comes_late) {
  auto deadline = fetching(0);
  deadline.set_waiting(1);
  EXPECT_EQ(deadline.due(), kBegan + 20s);
}

TEST(DownloadDeadline, leaves_what_is_beyond_the_fetch_alone) {
  auto deadline = fetching(1);
  deadline.set_stage(Stage::kPublish);
  EXPECT_EQ(deadline.due(), std::nullopt);
}

TEST(DownloadDeadline, gives_each_update_its_own_time) {
  auto deadline = fetching(1);
  deadline.end();
  EXPECT_EQ(deadline.due(), std::nullopt);
  deadline.begin(kBegan + 15s);
  EXPECT_EQ(deadline.due(), std::nullopt) << "it does not fetch yet";
  deadline.set_stage(Stage::kFetch);
  EXPECT_EQ(deadline.due(), kBegan + 35s);
}

/// Returns once the turn is asked to stop, however long that takes.
void await_stop(const std::stop_source& turn) {
  std::promise<void> stopped;
  const std::stop_callback on_stop(turn.get_token(), [&] { stopped.set_value(); });
  stopped.get_future().wait();
}

TEST(DownloadLimit, ends_a_fetch_that_others_wait_behind) {
  DownloadLimit limit(20ms);
  const std::stop_source turn;
  limit.begin(turn);
  limit.set_stage(Stage::kFetch);
  limit.set_waiting(3);
  await_stop(turn);
  ASSERT_TRUE(limit.reason());
  EXPECT_EQ(limit.reason()->code, ErrorCode::kTimeout);
  EXPECT_NE(limit.reason()->message.find("maxUpdateSeconds"), std::string::npos);
  limit.end();
  EXPECT_FALSE(limit.reason());
}

TEST(DownloadLimit, ends_it_when_somebody_comes_after_the_time) {
  DownloadLimit limit(0ms);
  const std::stop_source turn;
  limit.begin(turn);
  limit.set_stage(Stage::kFetch);
  EXPECT_FALSE(turn.stop_requested());
  limit.set_waiting(1);
  await_stop(turn);
}

TEST(DownloadLimit, ends_an_update_after_another_one) {
  DownloadLimit limit(0ms);
  limit.set_waiting(1);
  for (int i = 0; i < 3; ++i) {
    const std::stop_source turn;
    limit.begin(turn);
    limit.set_stage(Stage::kFetch);
    await_stop(turn);
    limit.end();
  }
}

}  // namespace
}  // namespace okg::hot_update
