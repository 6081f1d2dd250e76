#include "client/wait.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "../kube/scripted_server.hpp"

namespace okg::client {
namespace {

using kube::ScriptedServer;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto kHangUp = "";

ScriptedServer::Answer of(const std::string& body, const std::string& status = "200 OK") {
  return {status, "", body};
}

ScriptedServer::Answer in_progress() {
  return of(R"({"id":"id-1","state":"InProgress","stage":"fetch"})");
}

ScriptedServer::Answer has_succeeded() {
  return of(R"({"id":"id-1","state":"Ended","result":"Succeeded"})");
}

/// Waits for id-1 at a server that answers so.
class WaitTest : public testing::Test {
 protected:
  Waited wait(std::vector<ScriptedServer::Answer> answers, milliseconds timeout = {}) {
    const ScriptedServer server(std::move(answers));
    Server at;
    at.url = server.url();
    at.request.use_proxy = false;
    Calls calls(std::move(at), stop_.get_token(), milliseconds(1));
    ProgressLine progress(ProgressStyle::kNone);
    auto waited = Wait(calls, progress, timeout, milliseconds(1)).until_end("id-1");
    requests_ = server.requests();
    return waited;
  }

  std::stop_source stop_;
  std::vector<std::string> requests_;
};

TEST_F(WaitTest, asks_until_the_update_has_ended) {
  const auto waited = wait({in_progress(), in_progress(), has_succeeded()});
  EXPECT_EQ(waited.status, kExitDone);
  EXPECT_EQ(waited.seen->view.ended.answer.result, api::UpdateResult::kSucceeded);
  EXPECT_EQ(requests_.size(), 3U);
}

TEST_F(WaitTest, keeps_the_answer_as_it_was_sent) {
  EXPECT_EQ(wait({has_succeeded()}).seen->text, has_succeeded().body);
}

TEST_F(WaitTest, has_the_server_hold_the_answer_back) {
  wait({has_succeeded()});
  EXPECT_THAT(requests_.at(0), StartsWith("GET /hot-update/updates/id-1?waitSeconds=10 "));
}

TEST_F(WaitTest, waits_no_longer_than_its_timeout_is_from_now) {
  wait({has_succeeded()}, seconds(3));
  EXPECT_THAT(requests_.at(0), StartsWith("GET /hot-update/updates/id-1?waitSeconds=3 "));
}

TEST_F(WaitTest, ends_when_its_time_has_passed_and_says_how_to_go_on) {
  auto late = in_progress();
  late.after = milliseconds(20);
  const auto waited = wait({late}, milliseconds(20));
  EXPECT_EQ(waited.status, kExitTryLater);
  EXPECT_EQ(waited.message,
            "--timeout has passed; update id-1 goes on; okg-sidecar wait id-1 tells how it ends, "
            "and okg-sidecar cancel id-1 stops it");
  EXPECT_EQ(waited.seen->view.open.stage, "fetch");
}

TEST_F(WaitTest, asks_again_when_a_connection_is_lost_and_waits_less) {
  EXPECT_EQ(wait({of("", kHangUp), has_succeeded()}).status, kExitDone);
  EXPECT_THAT(requests_.back(), HasSubstr("waitSeconds=5 "));
}

TEST_F(WaitTest, asks_again_when_a_proxy_answers) {
  EXPECT_EQ(wait({of("<html>", "504 Gateway Timeout"), has_succeeded()}).status, kExitDone);
}

TEST_F(WaitTest, asks_without_a_wait_when_too_many_wait_already) {
  EXPECT_EQ(wait({of(R"({"reason":"TooManyWaiters","message":"later"})", "429 Too Many Requests"),
                  has_succeeded()})
                .status,
            kExitDone);
  EXPECT_THAT(requests_.back(), HasSubstr("waitSeconds=0 "));
}

TEST_F(WaitTest, ends_with_what_the_server_refuses) {
  const auto waited =
      wait({of(R"({"reason":"UnknownUpdate","message":"no such update"})", "404 Not Found")});
  EXPECT_EQ(waited.status, kExitFailed);
  EXPECT_EQ(waited.message, "UnknownUpdate: no such update");
  EXPECT_FALSE(waited.seen);
}

TEST_F(WaitTest, ends_where_no_sidecar_answers) {
  const auto waited = wait({of("hello")});
  EXPECT_EQ(waited.status, kExitUnreachable);
  EXPECT_THAT(waited.message, HasSubstr("; update id-1 goes on"));
}

TEST_F(WaitTest, ends_when_it_is_interrupted_and_says_that_the_update_goes_on) {
  stop_.request_stop();
  const auto waited = wait({});
  EXPECT_EQ(waited.status, kExitInterrupted);
  EXPECT_THAT(waited.message, StartsWith("update id-1 goes on"));
}

TEST_F(WaitTest, says_why_it_cannot_ask) {
  Server nowhere;
  nowhere.url = "http://h /";
  Calls calls(nowhere, {});
  ProgressLine progress(ProgressStyle::kNone);
  const auto waited = Wait(calls, progress, seconds(0)).until_end("id-1");
  EXPECT_EQ(waited.status, kExitUsage);
  EXPECT_THAT(waited.message, HasSubstr("http://h /"));
}

}  // namespace
}  // namespace okg::client
