#include "plugins/hot_update/work/worker.hpp"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "plugins/hot_update/work/worker_pod.hpp"

namespace okg::hot_update {
namespace {

class WorkerTest : public WorkerPodTest {};

TEST_F(WorkerTest, ends_updates_in_the_order_in_which_they_came) {
  auto first = std::move(enqueue(rollback("v1")).value());
  auto second = std::move(enqueue(rollback("v2")).value());
  worker_->start();
  EXPECT_TRUE(end_of(first));
  EXPECT_TRUE(end_of(second));
  EXPECT_EQ(heard(), (std::vector<std::string>{"v1", "v2"}));
}

TEST_F(WorkerTest, has_an_update_in_the_ledger_before_its_caller_hears_of_the_end) {
  worker_->start();
  auto ended = std::move(enqueue(rollback("v1")).value());
  const auto outcome = end_of(ended);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(ledger_->state()->last()->seq, outcome->seq);
}

TEST_F(WorkerTest, publishes_each_end_once) {
  worker_->start();
  auto ended = std::move(enqueue(rollback("v1")).value());
  (void)end_of(ended);
  EXPECT_EQ(heard(), std::vector<std::string>{"v1"});
}

TEST_F(WorkerTest,
       journals_what_was_cancelled_in_the_queue_with_the_time_that_its_caller_was_told) {
  auto request = rollback("v1");
  request.id = "c";
  auto cancelled = std::move(enqueue(request).value());
  ASSERT_TRUE(worker_->cancel("c", [](const Result<Outcome>&) {}));
  const auto told = end_of(cancelled);
  ASSERT_TRUE(told);
  worker_->start();
  auto next = std::move(enqueue(rollback("v2")).value());
  (void)end_of(next);
  const auto& journaled = ledger_->state()->history.front();
  EXPECT_EQ(journaled.id, "c");
  EXPECT_EQ(journaled.finished_at, told->finished_at);
}

TEST_F(WorkerTest, shows_what_is_in_progress_and_what_waits) {
  auto ended = start_endless("v1");
  ASSERT_TRUE(enqueue(rollback("v2")));
  const auto status = worker_->status();
  ASSERT_TRUE(status.in_progress);
  EXPECT_EQ(status.in_progress->version, "v1");
  EXPECT_EQ(status.stage, Stage::kFetch);
  ASSERT_EQ(status.queued.size(), 1U);
  EXPECT_EQ(status.queued[0].version, "v2");
}

TEST_F(WorkerTest, refuses_an_update_when_the_queue_is_full) {
  auto ended = start_endless();
  ASSERT_TRUE(enqueue(rollback("v1")));
  ASSERT_TRUE(enqueue(rollback("v2")));
  const auto refused = enqueue(rollback("v3"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
}

TEST_F(WorkerTest, ends_the_update_in_progress_at_a_stop) {
  auto ended = start_endless();
  worker_->stop();
  const auto outcome = end_of(ended);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, OutcomeKind::kFailed);
  EXPECT_EQ(outcome->error, ErrorCode::kStopping);
}

TEST_F(WorkerTest, says_of_waiting_updates_at_a_stop_that_they_did_not_begin) {
  auto in_progress = start_endless("v1");
  auto waiting = std::move(enqueue(rollback("v2")).value());
  worker_->stop();
  const auto ended = end_of(waiting);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::kStopping);
  EXPECT_EQ(heard(), std::vector<std::string>{"v1"}) << "only what began has ended";
}

TEST_F(WorkerTest, takes_no_update_after_a_stop) {
  worker_->start();
  worker_->stop();
  const auto refused = enqueue(rollback("v1"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kStopping);
}

TEST_F(WorkerTest, is_restored_once_the_store_names_nothing_that_is_missing) {
  worker_->start();
  EXPECT_FALSE(worker_->status().knows_wanted);
  worker_->restore({});
  EXPECT_TRUE(worker_->status().knows_wanted);
  auto ended = std::move(enqueue(rollback("v1")).value());
  (void)end_of(ended);
  EXPECT_TRUE(worker_->status().restored);
}

TEST_F(WorkerTest, does_an_update_before_a_restore_whose_source_is_silent) {
  worker_->start();
  results::Entries wanted;
  wanted["b"] = {"v1", source_.url(), std::nullopt, results::Scope::kWorkload, now()};
  worker_->restore(wanted);
  {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(
        changed_.wait_for(lock, kWorkerPatience, [this] { return stage_ == Stage::kFetch; }));
  }
  auto ended = std::move(enqueue(rollback("v2")).value());
  EXPECT_TRUE(end_of(ended));
  EXPECT_TRUE(worker_->status().missing.contains("b")) << "it goes on later";
}

}  // namespace
}  // namespace okg::hot_update
