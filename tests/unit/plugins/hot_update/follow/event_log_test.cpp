#include "plugins/hot_update/follow/event_log.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

TEST(EventLog, writes_each_event_with_its_number) {
  EventLog log("start");
  EXPECT_EQ(log.snapshot("{}"), "id: start-0\nevent: snapshot\ndata: {}\n\n");
  EXPECT_EQ(log.add_change("{1}"), "id: start-1\nevent: update\ndata: {1}\n\n");
  EXPECT_EQ(log.add_progress("{2}"), "id: start-2\nevent: progress\ndata: {2}\n\n");
}

TEST(EventLog, gives_what_came_since_but_for_progress) {
  EventLog log("start");
  const auto first = log.add_change("{1}");
  static_cast<void>(log.add_progress("{2}"));
  const auto third = log.add_change("{3}");
  EXPECT_EQ(log.since("start-0"), first + third);
  EXPECT_EQ(log.since("start-1"), third);
  EXPECT_EQ(log.since("start-2"), third);
  EXPECT_EQ(log.since("start-3"), "");
}

TEST(EventLog, does_not_know_what_is_not_its_own) {
  EventLog log("start");
  static_cast<void>(log.add_change("{}"));
  for (const auto* id : {"", "start", "start-", "start-2", "start--1", "start-x", "other-1", "1"})
    EXPECT_EQ(log.since(id), std::nullopt) << id;
}

TEST(EventLog, forgets_the_oldest_changes) {
  EventLog log("start");
  for (std::size_t i = 0; i < EventLog::kMaxKept; ++i) static_cast<void>(log.add_change("{}"));
  EXPECT_TRUE(log.since("start-0"));
  static_cast<void>(log.add_change("{}"));
  EXPECT_EQ(log.since("start-0"), std::nullopt);
  EXPECT_TRUE(log.since("start-1"));
}

TEST(EventLog, keeps_no_more_bytes_than_it_may) {
  EventLog log("start");
  const std::string third(EventLog::kMaxKeptBytes / 3, 'x');
  for (int i = 0; i < 3; ++i) static_cast<void>(log.add_change(third));
  EXPECT_EQ(log.since("start-0"), std::nullopt);
  ASSERT_TRUE(log.since("start-1"));
  EXPECT_LE(log.since("start-1")->size(), EventLog::kMaxKeptBytes);
  static_cast<void>(log.add_change(std::string(EventLog::kMaxKeptBytes, 'x')));
  EXPECT_EQ(log.since("start-3"), std::nullopt);
  EXPECT_EQ(log.since("start-4"), "");
}

}  // namespace
}  // namespace okg::hot_update
