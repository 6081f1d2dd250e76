#include <gtest/gtest.h>

#include <chrono>

#include "../kube/scripted_server.hpp"
#include "api/idempotency_key.hpp"
#include "base/text/in_quotes.hpp"
#include "kube/client.hpp"
#include "limits/documented.hpp"
#include "limits/file.hpp"
#include "plugins/hot_update/follow/waiters.hpp"
#include "plugins/hot_update/game/by_request.hpp"
#include "plugins/hot_update/game/health.hpp"
#include "plugins/hot_update/orders/pod_labels.hpp"
#include "plugins/hot_update/record/pod_events.hpp"
#include "plugins/hot_update/record/waiting_events.hpp"
#include "results/in_kube/latest_key.hpp"
#include "results/in_kube/pod_metadata.hpp"
#include "results/record_json.hpp"

namespace okg::hot_update {
namespace {

using limits::documented;
using namespace std::chrono_literals;
using kube::ScriptedServer;

TEST(Updates, have_keys_as_long_as_documented) {
  const auto most = documented("Idempotency-Key");
  api::UpdateRequest request;
  EXPECT_TRUE(api::set_idempotency_key(request, std::string(most, 'a')));
  const auto refused = api::set_idempotency_key(request, std::string(most + 1, 'a'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kInvalidField);
}

TEST(Updates, are_waited_for_by_as_many_calls_as_documented) {
  Waiters waiters;
  std::size_t ended = 0;
  const auto most = documented("calls that wait for an update");
  for (std::uint64_t i = 0; i < most; ++i)
    EXPECT_TRUE(waiters.add("a", std::chrono::hours(1), [&] { ++ended; }));
  const auto refused = waiters.add("a", std::chrono::hours(1), [&] { ++ended; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kQueueFull);
  waiters.end("a");
  EXPECT_EQ(ended, most);
  EXPECT_TRUE(waiters.add("b", std::chrono::hours(1), [] {})) << "there is room again";
}

TEST(Updates, have_messages_in_the_annotation_as_long_as_documented) {
  const auto most = documented("message in the pod's annotation");
  results::LastResult last;
  last.message = std::string(most, 'x');
  EXPECT_EQ(results::with_short_message(last).message, last.message);
  last.message += 'x';
  EXPECT_NE(results::with_short_message(last).message, last.message);
  EXPECT_LE(results::with_short_message(last).message.size(), most + 3) << "with an ellipsis";
}

TEST(Updates, are_read_from_answers_and_entries_as_long_as_documented) {
  EXPECT_EQ(kube::ClientSettings().max_body_bytes, documented("an answer of the API server"));
  const auto most = documented("result.json, and an entry of the ConfigMap that is read");
  const auto why_not = [](std::size_t bytes) {
    return results::parse_pod_entry(std::string(bytes, 'x')).error().message;
  };
  EXPECT_EQ(why_not(most).find("longer than"), std::string::npos) << "it is read: it is no JSON";
  EXPECT_NE(why_not(most + 1).find("longer than 16 MiB"), std::string::npos);
}

TEST(Updates, have_values_repeated_as_long_as_documented) {
  const auto most = documented("a value that an error repeats");
  const std::string longest(most, 'x');
  EXPECT_EQ(in_quotes(longest), "'" + longest + "'");
  EXPECT_EQ(in_quotes(longest + "x"), "'" + longest + "…'");
}

TEST(Updates, move_the_latest_as_often_as_documented) {
  EXPECT_EQ(static_cast<std::uint64_t>(results::LatestKey::kMaxSwaps),
            documented("attempts to move a workload's latest that siblings move too"));
}

TEST(Updates, have_notes_as_long_as_documented) {
  EXPECT_EQ(PodEvents::kMaxNoteBytes, documented("note of an Event"));
}

TEST(Updates, are_told_by_as_many_events_as_documented) {
  const auto most = documented("Events that wait to be written");
  WaitingEvents events;
  for (std::uint64_t i = 0; i <= most; ++i) events.push({"", std::to_string(i)});
  EXPECT_EQ(events.pop()->note, "1") << "the oldest is dropped";
  std::uint64_t left = 1;
  while (events.pop()) ++left;
  EXPECT_EQ(left, most);
}

TEST(Updates, wait_by_labels_as_long_as_documented) {
  const auto most = documented("the pod's labels (orders.holdWhile.labelsFile)");
  const auto read = [](std::size_t bytes) {
    const limits::File file(limits::filled("state=\"Allocated\"\n", bytes));
    return read_pod_labels(file.path());
  };
  EXPECT_EQ(read(most)->at("state"), "Allocated");
  EXPECT_FALSE(read(most + 1));
}

TEST(Updates, take_the_answer_of_a_reload_endpoint_as_long_as_documented) {
  const auto most = documented("its answer");
  const ScriptedServer game(
      {{"200 OK", "", std::string(most, 'x')}, {"200 OK", "", std::string(most + 1, 'x')}});
  Settings settings;
  settings.request.url = game.url() + "/";
  settings.request.timeout = 1min;
  http::Client client;
  const auto notified = send_request(settings, client, Audience::everyone(), {});
  EXPECT_TRUE(notified) << notified.error().message;
  const auto refused = send_request(settings, client, Audience::everyone(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kGameUnreachable);
}

TEST(Updates, are_confirmed_by_the_beginning_of_an_answer_that_is_documented) {
  const std::string healthy = "healthy";
  const auto most = documented("the part of its answer in which bodyContains is looked for");
  const auto at_end = std::string(most - healthy.size(), ' ') + healthy;
  const ScriptedServer game(
      {{"200 OK", "", " " + at_end}, {"200 OK", "", at_end}, {"200 OK", "", at_end}});
  Settings settings;
  settings.confirm.http_url = game.url() + "/";
  settings.confirm.body_contains = healthy;
  settings.confirm.interval = 1ms;
  settings.confirm.timeout = 1min;
  http::Client client;
  const auto confirmed = check_health(settings, client, {}, {});
  EXPECT_TRUE(confirmed) << confirmed.error().message;
  EXPECT_EQ(game.requests().size(), 3U) << "the first one did not count";
}

}  // namespace
}  // namespace okg::hot_update
