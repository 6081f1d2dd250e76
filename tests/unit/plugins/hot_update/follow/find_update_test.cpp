#include "plugins/hot_update/follow/find_update.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugins/hot_update/work/worker_pod.hpp"

namespace okg::hot_update {
namespace {

class FindUpdateTest : public WorkerPodTest {
 protected:
  void wait_in_queue(const std::string& id) {
    auto request = rollback("v1");
    request.id = id;
    ASSERT_TRUE(enqueue(std::move(request)));
  }
  /// Returns its id.
  std::string begin() {
    in_progress_ = start_endless();
    return worker_->status().in_progress->id;
  }
  void cancel(const std::string& id) {
    ASSERT_TRUE(worker_->cancel(id, [](const Result<Outcome>&) {}));
  }
  Outcome numbered(const std::string& id) {
    Outcome outcome;
    outcome.seq = ledger_->next_seq();
    outcome.id = id;
    outcome.kind = OutcomeKind::kSucceeded;
    return outcome;
  }
  void end(const Outcome& outcome) { ASSERT_TRUE(ledger_->note_ended({outcome}, 2)); }
  void end(const std::string& id) { end(numbered(id)); }
  /// An earlier start of the sidecar began it.
  void leave_behind(const std::string& id) {
    auto started = numbered(id);
    started.version = "v7";
    started.stage = Stage::kVerify;
    ASSERT_TRUE(ledger_->note_started(started));
  }

  [[nodiscard]] std::optional<api::UpdateView> find(const std::string& id) const {
    return find_update(id, *ledger_, *worker_, progress_);
  }
  [[nodiscard]] std::vector<api::UpdateView> find_all() const {
    return find_updates(*ledger_, *worker_, progress_);
  }
  [[nodiscard]] std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const auto& view : find_all()) ids.push_back(view.id());
    return ids;
  }

  api::Progress progress_;
  Ended in_progress_;
};

using Ids = std::vector<std::string>;

TEST_F(FindUpdateTest, finds_nothing_for_an_id_that_no_update_has) {
  wait_in_queue("a");
  end("b");
  EXPECT_FALSE(find("c"));
}

TEST_F(FindUpdateTest, shows_a_queued_one_with_its_place) {
  wait_in_queue("a");
  wait_in_queue("b");
  const auto view = find("b");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->state, api::UpdateState::kQueued);
  EXPECT_EQ(view->position, 2U);
  EXPECT_EQ(view->open.stage, "request");
  EXPECT_EQ(view->message, "queued; it is number 2 of those that wait");
}

TEST_F(FindUpdateTest, shows_the_stage_of_the_one_in_progress) {
  const auto view = find(begin());
  ASSERT_TRUE(view);
  EXPECT_EQ(view->state, api::UpdateState::kInProgress);
  EXPECT_EQ(view->open.stage, "fetch");
  EXPECT_EQ(view->position, 0U);
}

TEST_F(FindUpdateTest, shows_the_progress_of_the_one_in_progress_although_the_ledger_has_it_too) {
  progress_.bytes_done = 5;
  const auto id = begin();
  ASSERT_EQ(ledger_->state()->started.at(0).id, id);
  EXPECT_EQ(find(id)->progress, progress_);
  ASSERT_EQ(ids(), Ids{id});
  EXPECT_EQ(find_all().front().progress, progress_);
}

TEST_F(FindUpdateTest, shows_one_that_was_cancelled_in_the_queue_as_ended_and_not_recorded) {
  wait_in_queue("a");
  cancel("a");
  const auto view = find("a");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->state, api::UpdateState::kEnded);
  EXPECT_EQ(view->ended.answer.result, api::UpdateResult::kCancelled);
  EXPECT_FALSE(view->ended.answer.recorded);
}

TEST_F(FindUpdateTest, shows_the_same_of_a_cancelled_one_until_it_is_journaled) {
  wait_in_queue("a");
  cancel("a");
  const auto first = find("a");
  EXPECT_EQ(find("a"), first);
}

TEST_F(FindUpdateTest, shows_all_bytes_of_one_that_ended) {
  auto outcome = numbered("a");
  outcome.bytes = 7;
  end(outcome);
  EXPECT_EQ(find("a")->progress.bytes_done, 7U);
  EXPECT_EQ(find("a")->progress.bytes_total, 7U);
}

TEST_F(FindUpdateTest, shows_all_files_of_a_folder_that_went_live) {
  auto outcome = numbered("a");
  outcome.files = 3;
  end(outcome);
  EXPECT_EQ(find("a")->progress.files_done, 3U);
  EXPECT_EQ(find("a")->progress.files_total, 3U);
}

TEST_F(FindUpdateTest, shows_one_file_where_there_is_no_folder) {
  end("a");
  EXPECT_EQ(find("a")->progress.files_done, 1U);
  EXPECT_EQ(find("a")->progress.files_total, 1U);
}

TEST_F(FindUpdateTest, shows_no_file_of_one_that_failed) {
  auto outcome = numbered("a");
  outcome.kind = OutcomeKind::kFailed;
  outcome.error = ErrorCode::kUpstream;
  end(outcome);
  EXPECT_EQ(find("a")->progress.files_done, 0U);
  EXPECT_EQ(find("a")->progress.files_total, 1U);
}

TEST_F(FindUpdateTest, says_of_each_that_ended_whether_the_store_has_it) {
  end("a");
  end("b");
  ledger_->mark_recorded(1);
  EXPECT_TRUE(find("a")->ended.answer.recorded);
  EXPECT_FALSE(find("b")->ended.answer.recorded);
  ASSERT_EQ(ids(), (Ids{"a", "b"}));
  EXPECT_TRUE(find_all()[0].ended.answer.recorded);
  EXPECT_FALSE(find_all()[1].ended.answer.recorded);
}

TEST_F(FindUpdateTest, takes_the_newest_of_those_that_have_one_id) {
  auto older = numbered("a");
  older.version = "v1";
  end(older);
  auto newer = numbered("a");
  newer.version = "v2";
  end(newer);
  EXPECT_EQ(find("a")->ended.answer.version, "v2");
}

TEST_F(FindUpdateTest, shows_what_a_crash_left_as_in_progress_until_a_start_has_finished_it) {
  progress_.bytes_done = 5;
  leave_behind("a");
  const auto view = find("a");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->state, api::UpdateState::kInProgress);
  EXPECT_EQ(view->open.version, "v7");
  EXPECT_EQ(view->open.stage, "verify");
  EXPECT_EQ(view->progress.bytes_done, 0U) << "the progress is that of another update";
}

TEST_F(FindUpdateTest, lists_those_that_ended_then_the_one_in_progress_then_the_queue) {
  end("a");
  end("b");
  const auto id = begin();
  wait_in_queue("c");
  wait_in_queue("d");
  EXPECT_EQ(ids(), (Ids{"a", "b", id, "c", "d"}));
  EXPECT_EQ(find_all().back().position, 2U);
}

TEST_F(FindUpdateTest, lists_what_was_cancelled_in_the_queue_behind_those_that_ended) {
  end("a");
  wait_in_queue("b");
  wait_in_queue("c");
  cancel("c");
  EXPECT_EQ(ids(), (Ids{"a", "c", "b"}));
}

TEST_F(FindUpdateTest, lists_what_a_crash_left_before_the_queue) {
  end("a");
  leave_behind("b");
  wait_in_queue("c");
  EXPECT_EQ(ids(), (Ids{"a", "b", "c"}));
}

TEST_F(FindUpdateTest, lists_one_that_the_worker_has_not_forgotten_yet_once_and_as_ended) {
  wait_in_queue("a");
  end("a");
  ASSERT_EQ(ids(), Ids{"a"});
  EXPECT_EQ(find_all().front().state, api::UpdateState::kEnded);
}

TEST_F(FindUpdateTest, lists_none_of_an_older_release_which_gave_no_ids) {
  end("");
  EXPECT_EQ(ids(), Ids{});
}

}  // namespace
}  // namespace okg::hot_update
