#include "plugins/hot_update/follow/event_log.hpp"

#include <gtest/gtest.h>

#include "limits/documented.hpp"

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
  const auto most = limits::documented("events that are kept for a client that comes back");
  for (std::size_t i = 0; i < most; ++i) static_cast<void>(log.add_change("{}"));
  EXPECT_TRUE(log.since("start-0"));
  static_cast<void>(log.add_change("{}"));
  EXPECT_EQ(log.since("start-0"), std::nullopt);
  EXPECT_TRUE(log.since("start-1"));
}

TEST(EventLog, keeps_no_more_bytes_than_it_may) {
  EventLog log("start");
  const auto most = limits::documented("bytes of them");
  const auto frame = log.add_change("").size();
  static_cast<void>(log.add_change(std::string(most - 2 * frame, 'x')));
  EXPECT_EQ(log.since("start-0")->size(), most);
  static_cast<void>(log.add_change(std::string(most - frame, 'x')));
  EXPECT_EQ(log.since("start-1"), std::nullopt);
  EXPECT_EQ(log.since("start-2")->size(), most);
  static_cast<void>(log.add_change(std::string(most - frame + 1, 'x')));
  EXPECT_EQ(log.since("start-3"), std::nullopt);
  EXPECT_EQ(log.since("start-4"), "");
}

}  // namespace
}  // namespace okg::hot_update
