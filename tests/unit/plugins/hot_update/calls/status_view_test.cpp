#include "plugins/hot_update/calls/status_view.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/work/worker.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

class StatusViewTest : public testing::Test {
 protected:
  void SetUp() override {
    ledger_ = std::move(Ledger::open(files::Folder::open(folder_.path()).value()).value());
  }

  static LiveContent file(const std::string& version) {
    return {{version, "http://h/a", Sha256{}, results::Scope::kPod, Timestamp{}}, 3, "", ""};
  }
  void end(std::uint64_t seq, const std::string& version, std::optional<KeptContent> kept = {}) {
    UpdateEnd end;
    end.outcome.seq = seq;
    end.outcome.kind = OutcomeKind::kSucceeded;
    end.outcome.version = version;
    end.outcome.stages = {{Stage::kFetch, std::chrono::milliseconds(5)}};
    end.paths.push_back({"a", file(version), std::move(kept)});
    ASSERT_TRUE(ledger_->note_ended(end, 2));
  }
  [[nodiscard]] api::Status view(const std::optional<Error>& record_error = {}) const {
    return view_of(*ledger_, work_, progress_, record_error);
  }

  tests::TemporaryFolder folder_;
  std::unique_ptr<Ledger> ledger_;
  WorkStatus work_;
  api::Progress progress_;
};

TEST_F(StatusViewTest, shows_what_is_live) {
  end(1, "v1");
  const auto live = view().live;
  ASSERT_TRUE(live.contains("a"));
  EXPECT_EQ(live.at("a").version, "v1");
  EXPECT_EQ(live.at("a").scope, results::Scope::kPod);
}

TEST_F(StatusViewTest, shows_kept_versions_newest_first) {
  end(1, "v1", KeptContent{"a", "1", {}});
  end(2, "v2", KeptContent{"a", "2", file("v1")});
  EXPECT_EQ(view().kept.at("a"), (std::vector<std::string>{"v1", "original"}));
}

TEST_F(StatusViewTest, shows_of_each_result_whether_it_is_recorded) {
  end(1, "v1");
  end(2, "v2");
  ledger_->mark_recorded(1);
  const auto results = view().results;
  ASSERT_EQ(results.size(), 2U);
  EXPECT_TRUE(results[0].answer.recorded);
  EXPECT_FALSE(results[1].answer.recorded);
}

TEST_F(StatusViewTest, shows_how_long_each_stage_took) {
  end(1, "v1");
  const auto stages = view().results.at(0).stages;
  ASSERT_EQ(stages.size(), 1U);
  EXPECT_EQ(stages[0].first, "fetch");
  EXPECT_EQ(stages[0].second, std::chrono::milliseconds(5));
}

TEST_F(StatusViewTest, shows_what_is_still_to_be_reverted) {
  Intent update{1, {{"b", file("v1"), {}}}};
  update.needs_revert = true;
  ASSERT_TRUE(ledger_->note_intent(update));
  EXPECT_EQ(view().to_be_reverted, std::set<std::string>{"b"});
}

TEST_F(StatusViewTest, shows_the_update_in_progress_with_its_stage) {
  work_.in_progress.emplace();
  work_.in_progress->version = "v3";
  work_.stage = Stage::kVerify;
  const auto shown = view().in_progress;
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->version, "v3");
  EXPECT_EQ(shown->stage, "verify");
}

TEST_F(StatusViewTest, shows_the_progress_of_a_file_that_is_complete_once_it_is_fetched) {
  progress_.bytes_done = 5;
  EXPECT_EQ(view().progress, api::Progress{}) << "nothing is in progress";
  work_.in_progress.emplace();
  work_.stage = Stage::kFetch;
  EXPECT_EQ(view().progress, progress_);
  work_.stage = Stage::kVerify;
  EXPECT_EQ(view().progress.files_done, 1U);
}

TEST_F(StatusViewTest, shows_the_files_of_an_archive_once_they_are_known) {
  work_.in_progress.emplace();
  work_.in_progress->tree.emplace();
  ASSERT_EQ(work_.in_progress->tree->format, results::TreeFormat::kArchive);
  work_.stage = Stage::kFetch;
  EXPECT_EQ(view().progress.files_total, std::nullopt);
  progress_.files_done = 7;
  work_.stage = Stage::kPublish;
  EXPECT_EQ(view().progress.files_total, 7U);
}

TEST_F(StatusViewTest, shows_what_waits_and_what_is_missing) {
  work_.queued.emplace_back().version = "v4";
  work_.missing["c"] = fail(ErrorCode::kUnavailable, Reason::kSourceUnreachable, "no route");
  work_.missing["d"];
  const auto status = view();
  ASSERT_EQ(status.queued.size(), 1U);
  EXPECT_EQ(status.queued[0].version, "v4");
  EXPECT_EQ(status.missing, (std::vector<api::MissingFile>{{"c", "no route", "SourceUnreachable"},
                                                           {"d", "", "Restoring"}}));
}

TEST_F(StatusViewTest, shows_why_the_last_attempt_to_record_failed) {
  EXPECT_EQ(view().record_error, std::nullopt);
  const auto away = view(fail(ErrorCode::kUnavailable, Reason::kApiUnreachable, "away"));
  EXPECT_EQ(away.record_error, "away");
  EXPECT_EQ(away.record_reason, "ApiUnreachable");
}

}  // namespace
}  // namespace okg::hot_update
