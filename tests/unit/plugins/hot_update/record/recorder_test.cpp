#include "plugins/hot_update/record/recorder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "scripted_store.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

constexpr std::chrono::seconds kRecorderPatience{20};

class RecorderTest : public testing::Test {
 protected:
  void SetUp() override {
    ledger_ = std::move(Ledger::open(files::Folder::open(folder_.path()).value()).value());
    auto made = std::make_unique<ScriptedStore>();
    store_ = made.get();
    feed_.listen([this](const Event& event) {
      if (const auto* known = std::get_if<WantedKnown>(&event)) heard_ = known->wanted;
      if (const auto* tried = std::get_if<RecordTried>(&event))
        unrecorded_.push_back(tried->is_unrecorded);
    });
    recorder_ = std::make_unique<Recorder>(std::move(made), *ledger_, feed_);
  }

  /// An update of "a" that succeeded.
  std::uint64_t end_update(results::Scope scope = results::Scope::kWorkload) {
    UpdateEnd end;
    end.outcome.seq = ledger_->next_seq();
    end.outcome.kind = OutcomeKind::kSucceeded;
    end.outcome.path = "a";
    const Timestamp asked{std::chrono::seconds(5)};
    end.paths.push_back(
        {"a", LiveContent{{"v1", "http://h/a", Sha256{}, scope, asked}, 3, "", ""}});
    EXPECT_TRUE(ledger_->note_ended(end, 2));
    return end.outcome.seq;
  }
  /// `starts`: the recorder begins only now, so that its first attempt is the caller's.
  Recorded record(std::uint64_t seq, bool starts = false) {
    std::promise<Recorded> promise;
    auto recorded = promise.get_future();
    recorder_->record(seq, [&](Recorded outcome) { promise.set_value(std::move(outcome)); });
    if (starts) recorder_->start();
    if (recorded.wait_for(kRecorderPatience) != std::future_status::ready)
      throw std::runtime_error("nothing was recorded");
    return recorded.get();
  }

  tests::TemporaryFolder folder_;
  std::unique_ptr<Ledger> ledger_;
  ScriptedStore* store_ = nullptr;
  Feed feed_;
  std::optional<results::Wanted> heard_;
  std::vector<bool> unrecorded_;
  std::unique_ptr<Recorder> recorder_;
};

TEST_F(RecorderTest, writes_an_outcome_and_says_so) {
  recorder_->start();
  const auto recorded = record(end_update());
  EXPECT_TRUE(recorded.written);
  EXPECT_EQ(store_->written.size(), 1U);
  EXPECT_FALSE(ledger_->state()->unrecorded());
}

TEST_F(RecorderTest, says_why_an_outcome_is_not_in_the_store_and_tries_again) {
  store_->write_errors = {fail(ErrorCode::kUnavailable, "away")};
  const auto seq = end_update();
  const auto first = record(seq, true);
  EXPECT_FALSE(first.written);
  EXPECT_EQ(first.why.message, "away");
  EXPECT_EQ(recorder_->last_error().value().message, "away");
  EXPECT_TRUE(record(seq).written) << "a new caller does not wait for the pause";
}

TEST_F(RecorderTest, names_the_setting_that_makes_room_in_a_full_store) {
  store_->write_errors = {fail(ErrorCode::kNoSpace, Reason::kConfigMapFull, "full")};
  EXPECT_EQ(record(end_update(), true).why.message,
            "full; set storageConfig.inKube.shards to spread the pods over more of them, or delete "
            "the keys of pods that are gone");
}

TEST_F(RecorderTest, says_nothing_of_shards_where_a_disk_is_full) {
  store_->write_errors = {fail(ErrorCode::kNoSpace, Reason::kNoSpace, "full")};
  EXPECT_EQ(record(end_update(), true).why.message, "full");
}

TEST_F(RecorderTest, leaves_an_outcome_alone_that_it_was_not_told_of) {
  recorder_->start();
  EXPECT_TRUE(record(end_update()).written);
  const auto seq = end_update();
  std::promise<void> tried;  // a round of the thread, which sees the ledger
  recorder_->forget(std::nullopt, [&](const auto&) { tried.set_value(); });
  ASSERT_EQ(tried.get_future().wait_for(kRecorderPatience), std::future_status::ready);
  recorder_->stop(kRecorderPatience);
  EXPECT_EQ(store_->written.size(), 1U);
  EXPECT_EQ(ledger_->state()->unrecorded()->seq, seq);
}

TEST_F(RecorderTest, says_before_and_after_each_attempt_whether_a_result_waits) {
  store_->write_errors = {fail(ErrorCode::kUnavailable, "away")};
  const auto seq = end_update();
  EXPECT_FALSE(record(seq, true).written);
  EXPECT_TRUE(record(seq).written);
  recorder_->stop(kRecorderPatience);
  EXPECT_TRUE(unrecorded_.front());
  EXPECT_FALSE(unrecorded_.back());
}

TEST_F(RecorderTest, learns_once_what_the_pod_should_run) {
  store_->wanted.latest["b"] = {};
  recorder_->start();
  (void)record(end_update());
  (void)record(end_update());
  EXPECT_EQ(store_->reads, 1);
  EXPECT_TRUE(heard_->latest.contains("b"));
}

TEST_F(RecorderTest, writes_nothing_while_the_store_is_away_at_a_start) {
  store_->read_errors = {fail(ErrorCode::kUnavailable, "away")};
  const auto first = record(end_update(), true);
  EXPECT_FALSE(first.written);
  EXPECT_TRUE(store_->written.empty());
}

TEST_F(RecorderTest, writes_also_when_it_may_not_read) {
  store_->read_errors = {fail(ErrorCode::kForbidden, "no get"), fail(ErrorCode::kForbidden, "no")};
  EXPECT_TRUE(record(end_update(), true).written);
}

TEST_F(RecorderTest, names_content_of_the_whole_workload_as_latest) {
  recorder_->start();
  (void)record(end_update());
  EXPECT_TRUE(store_->written.back().latest.contains("a"));
}

TEST_F(RecorderTest, names_content_of_this_pod_alone_in_its_own_files_only) {
  recorder_->start();
  (void)record(end_update(results::Scope::kPod));
  EXPECT_FALSE(store_->written.back().latest.contains("a"));
  EXPECT_TRUE(store_->written.back().files.contains("a"));
}

TEST_F(RecorderTest, adds_what_is_live_to_what_a_store_that_forgets_says) {
  auto made = std::make_unique<ScriptedStore>();
  made->durable = false;
  (void)end_update();
  ledger_->mark_recorded(1);
  auto* store = made.get();
  std::promise<results::Wanted> heard;
  Feed feed;
  feed.listen([&](const Event& event) {
    if (const auto* known = std::get_if<WantedKnown>(&event)) heard.set_value(known->wanted);
  });
  Recorder recorder(std::move(made), *ledger_, feed);
  recorder.start();
  auto wanted = heard.get_future();
  ASSERT_EQ(wanted.wait_for(kRecorderPatience), std::future_status::ready);
  EXPECT_TRUE(wanted.get().own.contains("a"));
  recorder.stop(kRecorderPatience);
  EXPECT_EQ(store->written.size(), 1U) << "it may have lost what it had";
}

TEST_F(RecorderTest, tells_callers_at_a_stop_that_the_next_start_records) {
  store_->write_errors = {fail(ErrorCode::kUnavailable, "away")};
  recorder_->start();
  recorder_->stop(kRecorderPatience);
  EXPECT_FALSE(record(end_update()).written);
}

}  // namespace
}  // namespace okg::hot_update
