#include "plugins/hot_update/update/run/update_run.hpp"

#include "../pod.hpp"

namespace okg::hot_update {
namespace {

class UpdateRunTest : public PodTest {};

TEST_F(UpdateRunTest, begins_with_what_the_request_says) {
  const UpdateRun run(parts(), request("v1", "new"));
  EXPECT_EQ(run.outcome.version, "v1");
  EXPECT_EQ(run.outcome.path, "a");
  EXPECT_EQ(run.outcome.url, url_of("new"));
}

TEST_F(UpdateRunTest, gives_an_id_to_a_request_without_one) {
  EXPECT_FALSE(UpdateRun(parts(), request("v1", "new")).outcome.id.empty());
}

TEST_F(UpdateRunTest, notes_the_stages_in_their_order) {
  UpdateRun run(parts(), request("v1", "new"));
  run.enter(Stage::kFetch);
  run.enter(Stage::kVerify);
  ASSERT_EQ(run.outcome.stages.size(), 2U);
  EXPECT_EQ(run.outcome.stages.back().stage, Stage::kVerify);
  EXPECT_EQ(run.outcome.stage, Stage::kVerify);
}

TEST_F(UpdateRunTest, says_each_stage_and_the_end) {
  std::vector<std::optional<Stage>> heard;
  parts().hooks.on_stage = [&](std::optional<Stage> stage) { heard.push_back(stage); };
  UpdateRun run(parts(), request("v1", "new"));
  run.enter(Stage::kFetch);
  run.finish({});
  EXPECT_EQ(heard, (std::vector<std::optional<Stage>>{Stage::kFetch, std::nullopt}));
}

TEST_F(UpdateRunTest, fails_with_the_error_s_words) {
  UpdateRun run(parts(), request("v1", "new"));
  run.fail(fail(ErrorCode::kUpstream, Reason::kSourceNotFound, "404"));
  run.say("the old content is live");
  EXPECT_EQ(run.outcome.message, "404; the old content is live");
  EXPECT_EQ(run.outcome.reason, Reason::kSourceNotFound);
  EXPECT_EQ(run.outcome.kind, OutcomeKind::kFailed);
}

TEST_F(UpdateRunTest, is_cancelled_by_that_reason) {
  UpdateRun run(parts(), request("v1", "new"));
  run.fail(fail(ErrorCode::kStopping, Reason::kCancelled, "cancelled"));
  EXPECT_EQ(run.outcome.kind, OutcomeKind::kCancelled);
}

TEST_F(UpdateRunTest, ends_in_the_ledger) {
  UpdateRun run(parts(), request("v1", "new"));
  const auto outcome = run.finish({});
  ASSERT_FALSE(state()->history.empty());
  EXPECT_EQ(state()->history.back().id, outcome.id);
}

TEST_F(UpdateRunTest, has_the_content_that_is_noted) {
  Outcome outcome;
  LiveContent content{entry("v1", "new"), 3, "", ""};
  note_content(outcome, content);
  EXPECT_EQ(outcome.sha256, sha256_of("new").hex());
  EXPECT_EQ(outcome.bytes, 3U);
}

TEST_F(UpdateRunTest, names_kept_content_by_its_number_and_target) {
  EXPECT_EQ(kept_name(7), "7");
  EXPECT_EQ(kept_name(7, 2), "7.2");
}

}  // namespace
}  // namespace okg::hot_update
