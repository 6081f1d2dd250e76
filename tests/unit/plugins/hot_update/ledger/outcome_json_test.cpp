#include "plugins/hot_update/ledger/outcome_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace okg::hot_update {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

Outcome failed_outcome() {
  Outcome outcome;
  outcome.seq = 7;
  outcome.id = "id-7";
  outcome.kind = OutcomeKind::kFailed;
  outcome.stage = Stage::kVerify;
  outcome.message = "m";
  outcome.version = "v2";
  outcome.url = "https://h/a";
  outcome.path = "a";
  outcome.sha256 = std::string(64, 'a');
  outcome.bytes = 3;
  outcome.files = 2;
  outcome.exchanged = "renames";
  outcome.caller = "token:ops";
  outcome.requested_at = Timestamp(milliseconds(1));
  outcome.finished_at = Timestamp(milliseconds(2));
  outcome.duration = milliseconds(9);
  outcome.warnings = {{"W", "words"}};
  outcome.stages = {{Stage::kFetch, milliseconds(5)}, {Stage::kVerify, milliseconds(0)}};
  outcome.idempotency_key = "key";
  outcome.request_digest = "digest";
  outcome.error = ErrorCode::kRefused;
  outcome.reason = Reason::kChecksumMismatch;
  return outcome;
}

/// As an older release wrote it, without what came later.
Json without(std::initializer_list<const char*> members) {
  auto json = to_json(failed_outcome());
  for (const auto* each : members) json.erase(each);
  return json;
}

TEST(OutcomeJson, is_read_back_as_it_was_written) {
  const auto json = to_json(failed_outcome());
  EXPECT_EQ(to_json(outcome_of(json)), json);
}

TEST(OutcomeJson, is_read_back_without_what_there_was_not) {
  Outcome outcome;
  outcome.kind = OutcomeKind::kSucceeded;
  outcome.id = "id";
  const auto again = outcome_of(to_json(outcome));
  EXPECT_EQ(again.files, std::nullopt);
  EXPECT_EQ(again.error, std::nullopt);
  EXPECT_EQ(again.reason, Reason::kNone);
  EXPECT_EQ(again.idempotency_key, "");
}

TEST(OutcomeJson, has_the_number_for_an_id_before_there_were_ids) {
  EXPECT_EQ(outcome_of(without({"id"})).id, "7");
}

TEST(OutcomeJson, is_taken_without_what_came_after_0_1_0) {
  const auto outcome = outcome_of(without({"stages", "warnings", "caller", "reason", "files"}));
  EXPECT_TRUE(outcome.stages.empty());
  EXPECT_TRUE(outcome.warnings.empty());
  EXPECT_EQ(outcome.reason, Reason::kNone);
}

TEST(OutcomeJson, reads_the_positions_that_0_1_0_wrote) {
  auto json = to_json(failed_outcome());
  json["kind"] = 3U;
  json["error"] = 7U;
  EXPECT_EQ(outcome_of(json).kind, OutcomeKind::kRolledBack);
  EXPECT_EQ(outcome_of(json).error, ErrorCode::kRefused);
}

TEST(OutcomeJson, takes_words_and_positions_of_other_releases_for_failures) {
  auto json = to_json(failed_outcome());
  for (const auto& kind : {Json("Paused"), Json(4U)}) {
    json["kind"] = kind;
    EXPECT_EQ(outcome_of(json).kind, OutcomeKind::kFailed) << kind;
  }
  for (const auto& code : {Json("strange"), Json(11U)}) {
    json["error"] = code;
    EXPECT_EQ(outcome_of(json).error, ErrorCode::kInternal) << code;
  }
}

TEST(OutcomeJson, has_no_error_when_it_succeeded) {
  auto json = to_json(failed_outcome());
  json["kind"] = "Succeeded";
  EXPECT_EQ(outcome_of(json).error, std::nullopt);
}

TEST(OutcomeJson, refuses_what_is_missing_or_of_another_kind) {
  for (const auto* each : {"seq", "kind", "stage", "message", "version", "url", "path", "sha256",
                           "bytes", "requestedAt", "finishedAt", "durationMs"}) {
    EXPECT_ANY_THROW((void)outcome_of(without({each}))) << each;
    auto json = to_json(failed_outcome());
    json[each] = Json::array();
    EXPECT_ANY_THROW((void)outcome_of(json)) << each;
  }
}

}  // namespace
}  // namespace okg::hot_update
