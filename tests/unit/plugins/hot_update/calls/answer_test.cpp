#include "plugins/hot_update/calls/answer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace okg::hot_update {
namespace {

Outcome failed(Stage stage, ErrorCode code) {
  Outcome outcome;
  outcome.kind = OutcomeKind::kFailed;
  outcome.stage = stage;
  outcome.error = code;
  return outcome;
}

int status_of(const Outcome& outcome) { return answer(outcome, {true, {}}).status; }
int status_of(Stage stage, ErrorCode code) { return status_of(failed(stage, code)); }

nlohmann::ordered_json json_of(const http::ServerResponse& response) {
  return parse_ordered_json(response.body.view()).value();
}

std::string header_of(const http::ServerResponse& response, std::string_view name) {
  const auto* value = http::find_header(response.headers, name);
  return value == nullptr ? std::string() : std::string(*value);
}

TEST(AnswerToAnUpdate, is_200_when_the_content_is_live) {
  Outcome outcome;
  for (const auto kind : {OutcomeKind::kSucceeded, OutcomeKind::kUnchanged}) {
    outcome.kind = kind;
    EXPECT_EQ(status_of(outcome), 200);
  }
  outcome.kind = OutcomeKind::kCancelled;
  EXPECT_EQ(status_of(outcome), 409);
}

TEST(AnswerToAnUpdate, has_the_status_of_what_went_wrong) {
  EXPECT_EQ(status_of(Stage::kFetch, ErrorCode::kRefused), 422);
  EXPECT_EQ(status_of(Stage::kFetch, ErrorCode::kUpstream), 502);
  EXPECT_EQ(status_of(Stage::kFetch, ErrorCode::kUnavailable), 502);
  EXPECT_EQ(status_of(Stage::kFetch, ErrorCode::kTimeout), 504);
  EXPECT_EQ(status_of(Stage::kPublish, ErrorCode::kNoSpace), 507);
  EXPECT_EQ(status_of(Stage::kFetch, ErrorCode::kStopping), 503);
}

TEST(AnswerToAnUpdate, is_404_only_when_nothing_is_kept_to_roll_back_to) {
  EXPECT_EQ(status_of(Stage::kRequest, ErrorCode::kNotFound), 404);
  EXPECT_EQ(status_of(Stage::kPublish, ErrorCode::kNotFound), 500);
}

TEST(AnswerToAnUpdate, is_500_for_every_game_that_was_not_notified_or_healthy) {
  for (const auto stage : {Stage::kTrigger, Stage::kConfirm}) {
    EXPECT_EQ(status_of(stage, ErrorCode::kTimeout), 500);
    EXPECT_EQ(status_of(stage, ErrorCode::kStopping), 503);
  }
}

TEST(AnswerToAnUpdate, says_why_it_is_not_recorded) {
  const auto why = fail(ErrorCode::kUnavailable, Reason::kApiUnreachable, "away");
  const auto json = json_of(answer(Outcome(), {false, why}));
  EXPECT_EQ(json.at("recorded"), false);
  EXPECT_EQ(json.at("recordError"), "away");
  EXPECT_EQ(json.at("recordErrorReason"), "ApiUnreachable");
}

TEST(AnswerToAnUpdate, is_202_with_its_place_while_it_is_queued) {
  api::UpdateRequest request;
  request.id = "7";
  request.version = "v1";
  const auto response = accepted(request);
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(header_of(response, "Location"), "/hot-update/updates/7");
  const auto json = json_of(response);
  EXPECT_EQ(json.at("result"), "Accepted");
  EXPECT_EQ(json.at("stage"), "request");
}

TEST(Refusal, has_the_status_of_its_error) {
  const auto status = [](ErrorCode code, Reason reason = Reason::kInvalidField) {
    return refused(fail(code, reason, "no")).status;
  };
  EXPECT_EQ(status(ErrorCode::kInvalid), 400);
  EXPECT_EQ(status(ErrorCode::kInvalid, Reason::kUnsupportedMediaType), 415);
  EXPECT_EQ(status(ErrorCode::kStopping), 503);
  EXPECT_EQ(status(ErrorCode::kUnavailable), 503);
}

TEST(Refusal, of_a_full_queue_says_when_to_come_back) {
  const auto response = refused(fail(ErrorCode::kConflict, Reason::kQueueFull, "full"));
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(header_of(response, "Retry-After"), "5");
  EXPECT_EQ(json_of(response).at("reason"), "QueueFull");
}

TEST(AnswerToForget, has_the_paths_or_what_went_wrong) {
  EXPECT_EQ(json_of(answer_forget(std::set<std::string>{"a"})).at("paths").at(0), "a");
  EXPECT_EQ(answer_forget(fail(ErrorCode::kNotFound, "none")).status, 404);
  EXPECT_EQ(answer_forget(fail(ErrorCode::kInvalid, "no latest")).status, 400);
  EXPECT_EQ(answer_forget(fail(ErrorCode::kStopping, "stops")).status, 503);
  EXPECT_EQ(answer_forget(fail(ErrorCode::kUnavailable, "away")).status, 502);
}

TEST(StatusPage, is_written_again_when_the_status_has_changed) {
  StatusPage page;
  const auto first = page.answer({}).body;
  EXPECT_EQ(page.answer({}).body.view().data(), first.view().data()) << "one text for all";
  api::Status ready;
  ready.ready = true;
  EXPECT_EQ(json_of(page.answer(ready)).at("ready"), true);
}

}  // namespace
}  // namespace okg::hot_update
