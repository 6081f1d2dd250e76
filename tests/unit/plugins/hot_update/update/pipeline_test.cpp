#include "plugins/hot_update/update/pipeline.hpp"

#include "pod.hpp"

namespace okg::hot_update {
namespace {

class PipelineTest : public PodTest {};

std::vector<Stage> stages_of(const Outcome& outcome) {
  std::vector<Stage> stages;
  for (const auto& each : outcome.stages) stages.push_back(each.stage);
  return stages;
}

TEST_F(PipelineTest, puts_new_content_live) {
  put_live("a", "old");
  EXPECT_EQ(update("v1", "new").kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(live(), "new");
}

TEST_F(PipelineTest, goes_through_the_stages_in_order) {
  EXPECT_EQ(stages_of(update("v1", "new")),
            (std::vector<Stage>{Stage::kFetch, Stage::kVerify, Stage::kPublish, Stage::kTrigger,
                                Stage::kConfirm, Stage::kRecord}));
}

TEST_F(PipelineTest, notifies_every_process_once) {
  update("v1", "new");
  ASSERT_EQ(game_.heard.size(), 1U);
  EXPECT_EQ(game_.heard.front().who, Audience::Who::kEveryone);
}

TEST_F(PipelineTest, syncs_the_file_the_kept_content_and_the_folder) {
  put_live("a", "old");
  update("v1", "new");
  EXPECT_EQ(files_.count("fsync"), 3);
}

TEST_F(PipelineTest, keeps_the_old_content_and_nothing_in_staging) {
  put_live("a", "old");
  update("v1", "new");
  EXPECT_EQ(kept(), 1U);
  EXPECT_EQ(staged(), 0U);
}

TEST_F(PipelineTest, ends_as_unchanged_without_notifying_when_the_content_is_live) {
  update("v1", "new");
  EXPECT_EQ(update("v1", "new").kind, OutcomeKind::kUnchanged);
  EXPECT_EQ(game_.heard.size(), 1U);
}

TEST_F(PipelineTest, ends_as_unchanged_when_the_source_says_so) {
  update("v1", "new");
  source_says_not_modified_ = true;
  EXPECT_EQ(update("v1", "new").kind, OutcomeKind::kUnchanged);
}

TEST_F(PipelineTest, notifies_of_unchanged_content_when_that_is_forced) {
  update("v1", "new");
  auto forced = request("v1", "new");
  forced.force = true;
  EXPECT_EQ(update(forced).kind, OutcomeKind::kUnchanged);
  EXPECT_EQ(game_.heard.size(), 2U);
}

TEST_F(PipelineTest, fetches_again_what_somebody_else_replaced) {
  update("v1", "new");
  put_live("a", "other");
  EXPECT_EQ(update("v1", "new").kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(live(), "new");
}

TEST_F(PipelineTest, rolls_back_to_the_content_before) {
  put_live("a", "old");
  update("v1", "new");
  EXPECT_EQ(roll_back().kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(live(), "old");
}

TEST_F(PipelineTest, keeps_what_a_rollback_replaced) {
  put_live("a", "old");
  update("v1", "new");
  roll_back();
  ASSERT_EQ(state()->kept.size(), 1U);
  EXPECT_EQ(state()->kept.front().version(), "v1");
}

TEST_F(PipelineTest, refuses_a_rollback_when_nothing_is_kept) {
  EXPECT_EQ(roll_back().error, ErrorCode::kNotFound);
}

TEST_F(PipelineTest, drops_the_oldest_kept_content_beyond_keep_bytes) {
  settings_.keep_bytes = 7;
  for (const auto* text : {"1111", "2222", "3333"}) update(text, text);
  ASSERT_EQ(state()->kept.size(), 1U);
  EXPECT_EQ(state()->kept.front().version(), "2222");
}

TEST_F(PipelineTest, drops_it_again_when_the_journal_is_replayed) {
  settings_.keep_bytes = 7;
  for (const auto* text : {"1111", "2222", "3333"}) update(text, text);
  start();
  EXPECT_EQ(state()->kept.size(), 1U);
}

TEST_F(PipelineTest, carries_many_paths_with_one_notification) {
  std::vector<PlannedUpdate> orders;
  orders.push_back({request("v1", "one", "a")});
  orders.push_back({request("v1", "two", "b")});
  const auto carried = pipeline().carry_out(std::move(orders), Origin::kRestored, "", {});
  EXPECT_EQ(carried.outcomes.size(), 2U);
  EXPECT_EQ(game_.heard.size(), 1U);
}

/// A way to fail, the stage at which the update ends, and how.
struct Failure {
  const char* name;
  void (*prepare)(ScriptedFiles&, ScriptedGame&, api::UpdateRequest&);
  Stage stage;
  OutcomeKind kind = OutcomeKind::kFailed;
};

const std::vector<Failure> kFailures{
    {"the_source_answers_404",
     [](auto&, auto&, auto& request) { request.url = "http://source/gone"; }, Stage::kFetch},
    {"the_checksum_differs",
     [](auto&, auto&, auto& request) { request.sha256 = sha256_of("another"); }, Stage::kVerify},
    {"the_mode_cannot_be_set", [](auto& files, auto&, auto&) { files.fail("fchmod", EIO); },
     Stage::kPublish},
    {"the_new_content_cannot_be_synced",
     [](auto& files, auto&, auto&) { files.fail("fsync", EIO, 1); }, Stage::kPublish},
    {"the_kept_content_cannot_be_synced",
     [](auto& files, auto&, auto&) { files.fail("fsync", EIO, 2); }, Stage::kPublish},
    {"the_rename_fails", [](auto& files, auto&, auto&) { files.fail("rename", EIO); },
     Stage::kPublish},
    {"the_folder_cannot_be_synced", [](auto& files, auto&, auto&) { files.fail("fsync", EIO, 3); },
     Stage::kPublish},
    {"the_game_cannot_be_notified",
     [](auto&, auto& game, auto&) {
       game.notify_error = Error{ErrorCode::kUpstream, "no process"};
     },
     Stage::kTrigger},
    {"the_game_is_not_healthy",
     [](auto&, auto& game, auto&) {
       game.health_error = Error{ErrorCode::kUpstream, "not healthy"};
     },
     Stage::kConfirm, OutcomeKind::kRolledBack},
};

std::ostream& operator<<(std::ostream& out, const Failure& failure) { return out << failure.name; }

class PipelineFailure : public PodTest, public testing::WithParamInterface<Failure> {
 protected:
  Outcome fail_update() {
    put_live("a", "old");
    auto asked = request("v1", "new");
    // Another mode than that of the staged file, so that it has to be set.
    settings_.file_mode = 0640;
    start();
    GetParam().prepare(files_, game_, asked);
    return update(asked);
  }
};

TEST_P(PipelineFailure, names_its_stage) { EXPECT_EQ(fail_update().stage, GetParam().stage); }
TEST_P(PipelineFailure, has_its_outcome) { EXPECT_EQ(fail_update().kind, GetParam().kind); }
TEST_P(PipelineFailure, leaves_the_old_content_live) {
  fail_update();
  EXPECT_EQ(live(), "old");
}
TEST_P(PipelineFailure, leaves_nothing_to_revert_once_the_disk_works) {
  fail_update();
  reverts().retry({});
  EXPECT_TRUE(state()->intents.empty());
}
TEST_P(PipelineFailure, leaves_nothing_in_staging_nor_kept) {
  fail_update();
  reverts().retry({});
  EXPECT_EQ(staged() + kept(), 0U);
}
TEST_P(PipelineFailure, does_not_hinder_the_next_update) {
  fail_update();
  files_.heal();
  game_.notify_error = game_.health_error = std::nullopt;
  EXPECT_EQ(update("v2", "next").kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(live(), "next");
}

INSTANTIATE_TEST_SUITE_P(Stages, PipelineFailure, testing::ValuesIn(kFailures),
                         [](const auto& each) { return each.param.name; });

TEST_F(PipelineTest, succeeds_when_a_rename_was_made_and_its_answer_lost) {
  put_live("a", "old");
  files_.lie("rename", EIO);
  EXPECT_EQ(update("v1", "new").kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(live(), "new");
}

}  // namespace
}  // namespace okg::hot_update
