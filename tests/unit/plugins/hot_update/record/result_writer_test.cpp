#include "plugins/hot_update/record/result_writer.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "scripted_store.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

Timestamp at(int second) { return Timestamp(std::chrono::seconds(second)); }

class ResultWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    ledger_ = std::move(Ledger::open(files::Folder::open(folder_.path()).value()).value());
  }

  /// An update of `path` ends, and its content is live. Its number.
  std::uint64_t end_update(const std::string& path, results::Entry entry = {"v1", "", {}}) {
    UpdateEnd end;
    end.outcome.seq = ledger_->next_seq();
    end.outcome.kind = OutcomeKind::kSucceeded;
    end.outcome.path = path;
    end.outcome.version = entry.version;
    end.outcome.finished_at = at(static_cast<int>(end.outcome.seq));
    if (entry.requested_at == Timestamp{}) entry.requested_at = at(1);
    end.paths.push_back({path, LiveContent{std::move(entry), 3, "", ""}});
    EXPECT_TRUE(ledger_->note_ended(end, 2));
    return end.outcome.seq;
  }
  /// The pod's order of `path` is seen; its result came with the update of that number.
  void see_order(const std::string& path, OrderResult result, std::uint64_t seq = 0) {
    (void)ledger_->change_orders([&](SeenOrders& seen) {
      seen.paths[path].result = result;
      seen.paths[path].at = at(static_cast<int>(seq));
    });
  }
  Result<void> write(std::uint64_t told_seq) { return writer_->write(told_seq, {}); }
  void start() { writer_ = std::make_unique<ResultWriter>(store_, *ledger_); }
  [[nodiscard]] std::vector<std::string> written_versions() const {
    std::vector<std::string> all;
    for (const auto& record : store_.written) all.push_back(record.last.version);
    return all;
  }

  tests::TemporaryFolder folder_;
  std::unique_ptr<Ledger> ledger_;
  ScriptedStore store_;
  std::unique_ptr<ResultWriter> writer_;
};

TEST_F(ResultWriterTest, writes_the_newest_outcome_once) {
  start();
  end_update("a");
  const auto seq = end_update("b", {"v2", "", {}});
  EXPECT_TRUE(write(seq));
  EXPECT_TRUE(write(seq));
  EXPECT_EQ(written_versions(), std::vector<std::string>{"v2"});
  EXPECT_FALSE(writer_->has_work(seq));
}

TEST_F(ResultWriterTest, writes_all_that_is_live) {
  start();
  end_update("a");
  (void)write(end_update("b"));
  EXPECT_TRUE(store_.written.back().files.contains("a"));
  EXPECT_TRUE(store_.written.back().files.contains("b"));
}

TEST_F(ResultWriterTest, has_work_until_the_store_took_it) {
  store_.write_errors = {fail(ErrorCode::kUnavailable, "away")};
  start();
  const auto seq = end_update("a");
  EXPECT_FALSE(write(seq));
  EXPECT_TRUE(writer_->has_work(seq));
  EXPECT_TRUE(ledger_->state()->unrecorded());
}

TEST_F(ResultWriterTest, writes_what_it_was_told_of_while_a_later_outcome_waits) {
  start();
  const auto seq = end_update("a");
  end_update("b", {"v2", "", {}});
  EXPECT_TRUE(write(seq));
  EXPECT_EQ(written_versions(), std::vector<std::string>{"v1"});
  EXPECT_FALSE(writer_->has_work(seq));
  EXPECT_TRUE(writer_->has_work(seq + 1));
}

TEST_F(ResultWriterTest, names_content_that_one_pod_has_no_latest) {
  start();
  results::Entry of_pod{"v1", "", {}, results::Scope::kPod};
  (void)write(end_update("a", of_pod));
  EXPECT_TRUE(store_.written.back().latest.empty());
  (void)write(end_update("b"));
  EXPECT_TRUE(store_.written.back().latest.contains("b"));
}

TEST_F(ResultWriterTest, says_that_all_was_ordered_where_no_call_asked_for_any) {
  start();
  const auto seq = end_update("a");
  see_order("a", OrderResult::kSucceeded, seq);
  (void)write(seq);
  EXPECT_TRUE(store_.written.back().is_ordered);
}

TEST_F(ResultWriterTest, says_that_not_all_was_ordered_where_a_call_asked_for_some) {
  start();
  end_update("b");
  const auto seq = end_update("a");
  see_order("a", OrderResult::kSucceeded, seq);
  (void)write(seq);
  EXPECT_FALSE(store_.written.back().is_ordered);
}

TEST_F(ResultWriterTest, says_that_not_all_was_ordered_where_a_call_came_after_the_order) {
  start();
  const auto seq = end_update("a");
  see_order("a", OrderResult::kSucceeded, seq);
  (void)write(end_update("a", {"v2", "", {}}));
  EXPECT_FALSE(store_.written.back().is_ordered);
}

TEST_F(ResultWriterTest, asks_of_what_is_recorded_no_more_whether_it_was_ordered) {
  start();
  (void)write(end_update("b"));
  const auto seq = end_update("a");
  see_order("a", OrderResult::kSucceeded, seq);
  (void)write(seq);
  EXPECT_TRUE(store_.written.back().is_ordered);
}

TEST_F(ResultWriterTest, writes_what_came_of_orders_with_the_result) {
  start();
  const auto seq = end_update("a");
  see_order("a", OrderResult::kSucceeded, seq);
  (void)write(seq);
  ASSERT_TRUE(store_.written.back().observed);
  EXPECT_NE(store_.written.back().observed->find("Succeeded"), std::string::npos);
  EXPECT_FALSE(writer_->has_work(seq));
  EXPECT_TRUE(store_.observed.empty());
}

TEST_F(ResultWriterTest, writes_what_came_of_orders_by_itself_where_there_is_no_result) {
  start();
  see_order("a", OrderResult::kSuperseded);
  EXPECT_TRUE(writer_->has_work(0));
  EXPECT_TRUE(write(0));
  EXPECT_EQ(store_.observed.size(), 1U);
  EXPECT_FALSE(writer_->has_work(0));
}

TEST_F(ResultWriterTest, waits_for_the_outcome_of_an_order_that_is_on_its_way) {
  start();
  see_order("b", OrderResult::kPending);
  EXPECT_FALSE(writer_->has_work(0));
  EXPECT_TRUE(write(0));
  EXPECT_TRUE(store_.observed.empty());
}

TEST_F(ResultWriterTest, leaves_what_came_of_an_order_to_the_write_of_its_result) {
  start();
  const auto seq = end_update("a");
  see_order("a", OrderResult::kSucceeded, seq);
  EXPECT_FALSE(writer_->has_work(seq - 1));
  EXPECT_TRUE(write(seq - 1));
  EXPECT_TRUE(store_.observed.empty());
}

TEST_F(ResultWriterTest, writes_again_at_a_start_what_a_store_may_have_lost) {
  store_.durable = false;
  ledger_->mark_recorded(end_update("a"));
  start();
  EXPECT_TRUE(write(1));
  EXPECT_EQ(store_.written.size(), 1U);
  EXPECT_TRUE(write(1));
  EXPECT_EQ(store_.written.size(), 1U);
}

TEST_F(ResultWriterTest, writes_nothing_again_to_a_store_that_loses_nothing) {
  ledger_->mark_recorded(end_update("a"));
  start();
  EXPECT_TRUE(write(1));
  EXPECT_TRUE(store_.written.empty());
}

TEST_F(ResultWriterTest, says_how_a_full_config_map_gets_room) {
  store_.write_errors = {fail(ErrorCode::kNoSpace, Reason::kConfigMapFull, "full")};
  start();
  const auto written = write(end_update("a"));
  EXPECT_NE(written.error().message.find("storageConfig.inKube.shards"), std::string::npos);
}

TEST_F(ResultWriterTest, does_not_offer_more_shards_where_a_value_is_too_long) {
  store_.write_errors = {fail(ErrorCode::kInvalid, Reason::kConfigMapFull, "too long")};
  start();
  EXPECT_EQ(write(end_update("a")).error().message, "too long");
}

}  // namespace
}  // namespace okg::hot_update
