#include "files/background_writer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>
#include <thread>
#include <vector>

namespace okg::files {
namespace {

TEST(BackgroundWriter, runs_all_in_order) {
  std::vector<int> ran;
  BackgroundWriter behind(1);
  for (int n = 0; n < 100; ++n) {
    const auto added = behind.add(1, [&ran, n]() -> Result<void> {
      ran.push_back(n);
      return {};
    });
    ASSERT_TRUE(added);
  }
  ASSERT_TRUE(behind.wait());
  std::vector<int> all(100);
  for (int n = 0; n < 100; ++n) all[static_cast<std::size_t>(n)] = n;
  EXPECT_EQ(ran, all);
}

TEST(BackgroundWriter, waits_for_nothing_when_nothing_was_added) {
  EXPECT_TRUE(BackgroundWriter(1).wait());
}

TEST(BackgroundWriter, runs_none_after_one_that_failed_and_says_why) {
  std::atomic<int> ran = 0;
  BackgroundWriter behind(1);
  auto added =
      behind.add(1, []() -> Result<void> { return fail(ErrorCode::kNoSpace, "disk full"); });
  while (added)
    added = behind.add(1, [&]() -> Result<void> {
      ++ran;
      return {};
    });
  EXPECT_EQ(added.error().message, "disk full");
  const auto waited = behind.wait();
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().message, "disk full");
  EXPECT_EQ(ran, 0);
}

TEST(BackgroundWriter, lets_no_more_wait_than_it_may) {
  std::binary_semaphore may_go(0);
  std::atomic<bool> is_added = false;
  BackgroundWriter behind(10);
  ASSERT_TRUE(behind.add(10, [&]() -> Result<void> {
    may_go.acquire();
    EXPECT_FALSE(is_added);
    return {};
  }));
  std::jthread other([&] { may_go.release(); });
  ASSERT_TRUE(behind.add(1, []() -> Result<void> { return {}; }));
  is_added = true;
  EXPECT_TRUE(behind.wait());
}

}  // namespace
}  // namespace okg::files
