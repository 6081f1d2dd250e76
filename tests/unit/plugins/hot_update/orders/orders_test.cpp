#include "plugins/hot_update/orders/orders.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

constexpr auto kV1 = R"({"a":{"version":"v1","url":"http://h/1"}})";
constexpr auto kV2 = R"({"a":{"version":"v2","url":"http://h/2"}})";

class OrdersTest : public testing::Test {
 protected:
  void SetUp() override {
    ledger_ = std::move(Ledger::open(files::Folder::open(folder_.path()).value()).value());
    start();
  }
  void TearDown() override { orders_.reset(); }

  /// Another life of the sidecar, with the ledger of the one before.
  void start() {
    jobs_.clear();
    Orders::Links links;
    links.enqueue = [this](Job job) {
      jobs_.push_back(std::move(job));
      return Result<void>();
    };
    links.admit = [this](const auto&) { return admitted_; };
    links.on_seen = [this] { ++seen_; };
    orders_ = std::make_unique<Orders>(*ledger_, std::move(links));
  }
  void take(const std::string& text, const std::string& hold = "") { orders_->take({text, hold}); }
  void begin(const std::string& text, const std::string& hold = "") {
    orders_->begin({text, hold});
  }

  /// The worker ends the newest job.
  void end(OutcomeKind kind, std::optional<ErrorCode> error = {}) {
    const auto& job = jobs_.back();
    Outcome outcome;
    outcome.seq = ledger_->next_seq();
    outcome.kind = kind;
    outcome.path = job.request.path;
    outcome.version = job.request.version;
    outcome.requested_at = job.request.requested_at;
    outcome.finished_at = now();
    outcome.error = error;
    job.on_end(outcome);
  }
  /// Somebody's update of "a" is live.
  void put_live(const std::string& version, Timestamp requested_at) {
    UpdateEnd end;
    end.outcome.seq = ledger_->next_seq();
    end.outcome.kind = OutcomeKind::kSucceeded;
    const results::Entry entry{version, "http://h/" + version.substr(1), Sha256{},
                               results::Scope::kWorkload, requested_at};
    end.paths.push_back({"a", LiveContent{entry, 3, "", ""}});
    EXPECT_TRUE(ledger_->note_ended(end, 2));
  }
  std::optional<SeenOrder> seen(const std::string& path = "a") const {
    const auto& paths = ledger_->state()->orders.paths;
    const auto found = paths.find(path);
    return found == paths.end() ? std::nullopt : std::optional(found->second);
  }
  static Timestamp in_an_hour() { return now() + std::chrono::hours(1); }
  static Timestamp long_ago() { return Timestamp(std::chrono::seconds(5)); }

  tests::TemporaryFolder folder_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Orders> orders_;
  std::vector<Job> jobs_;
  Result<void> admitted_;
  int seen_ = 0;
};

TEST_F(OrdersTest, queue_what_is_ordered) {
  take(kV1);
  ASSERT_EQ(jobs_.size(), 1U);
  EXPECT_EQ(jobs_[0].request.path, "a");
  EXPECT_EQ(jobs_[0].request.url, "http://h/1");
  EXPECT_EQ(seen()->result, OrderResult::kPending);
}

TEST_F(OrdersTest, queue_an_order_once) {
  take(kV1);
  take(kV1);
  EXPECT_EQ(jobs_.size(), 1U);
}

TEST_F(OrdersTest, queue_another_order_of_the_path_as_well) {
  take(kV1);
  take(kV2);
  ASSERT_EQ(jobs_.size(), 2U);
  EXPECT_EQ(jobs_[1].request.version, "v2");
}

TEST_F(OrdersTest, tell_operators_of_what_is_new_alone) {
  take(kV1);
  const auto before = seen_;
  EXPECT_GT(before, 0);
  take(kV1);
  EXPECT_EQ(seen_, before);
}

TEST_F(OrdersTest, keep_what_came_of_an_order) {
  take(kV1);
  end(OutcomeKind::kSucceeded);
  EXPECT_EQ(seen()->result, OrderResult::kSucceeded);
}

TEST_F(OrdersTest, say_what_was_live_before_an_order) {
  put_live("v0", long_ago());
  take(kV1);
  EXPECT_TRUE(jobs_[0].order->may_begin());
  end(OutcomeKind::kSucceeded);
  ASSERT_TRUE(seen()->previous);
  EXPECT_EQ(seen()->previous->version, "v0");
}

TEST_F(OrdersTest, leave_a_failed_order_alone_until_the_next_start) {
  take(kV1);
  end(OutcomeKind::kFailed, ErrorCode::kNotFound);
  take(kV1);
  EXPECT_EQ(jobs_.size(), 1U);
  start();
  begin(kV1);
  EXPECT_EQ(jobs_.size(), 1U);
}

TEST_F(OrdersTest, do_not_try_again_at_a_start_what_the_game_was_not_healthy_on) {
  take(kV1);
  end(OutcomeKind::kRolledBack, ErrorCode::kUnavailable);
  start();
  begin(kV1);
  EXPECT_TRUE(jobs_.empty());
}

TEST_F(OrdersTest, leave_an_order_that_a_stop_interrupts_to_the_next_start) {
  take(kV1);
  end(OutcomeKind::kFailed, ErrorCode::kStopping);
  EXPECT_EQ(seen()->result, OrderResult::kPending);
  start();
  begin(kV1);
  EXPECT_EQ(jobs_.size(), 1U);
}

TEST_F(OrdersTest, count_an_order_as_cancelled_that_is_cancelled_while_the_sidecar_stops) {
  take(kV1);
  end(OutcomeKind::kCancelled, ErrorCode::kStopping);
  EXPECT_EQ(seen()->result, OrderResult::kCancelled);
}

TEST_F(OrdersTest, queue_an_order_again_that_stands_and_did_not_begin) {
  take(kV1);
  jobs_[0].on_end(fail(ErrorCode::kConflict, "the order no longer stands"));
  EXPECT_EQ(jobs_.size(), 2U);
}

TEST_F(OrdersTest, keep_a_pod_from_being_ready_until_its_first_order_has_ended) {
  begin(kV1);
  EXPECT_EQ(orders_->not_ready(), "carrying out the order of a");
  end(OutcomeKind::kFailed, ErrorCode::kNotFound);
  EXPECT_EQ(orders_->not_ready(), "");
}

TEST_F(OrdersTest, keep_a_pod_ready_that_is_ordered_later) {
  take(kV1);
  EXPECT_EQ(orders_->not_ready(), "");
}

TEST_F(OrdersTest, wait_while_they_are_on_hold) {
  take(kV1, "players are in the game");
  EXPECT_TRUE(jobs_.empty());
  EXPECT_EQ(seen()->result, OrderResult::kWaiting);
  EXPECT_EQ(seen()->message, "players are in the game");
}

TEST_F(OrdersTest, go_on_when_nothing_holds_them) {
  take(kV1, "players are in the game");
  take(kV1);
  EXPECT_EQ(jobs_.size(), 1U);
}

TEST_F(OrdersTest, keep_what_succeeded_while_they_are_on_hold) {
  take(kV1);
  end(OutcomeKind::kSucceeded);
  take(kV1, "players are in the game");
  EXPECT_EQ(seen()->result, OrderResult::kSucceeded);
}

TEST_F(OrdersTest, do_not_begin_once_they_are_on_hold) {
  take(kV1);
  take(kV1, "players are in the game");
  EXPECT_FALSE(jobs_[0].order->may_begin());
}

TEST_F(OrdersTest, do_not_begin_once_another_is_ordered) {
  take(kV1);
  take(kV2);
  EXPECT_FALSE(jobs_[0].order->may_begin());
  EXPECT_TRUE(jobs_[1].order->may_begin());
}

TEST_F(OrdersTest, do_not_begin_once_something_later_is_live) {
  take(kV1);
  put_live("v9", in_an_hour());
  EXPECT_FALSE(jobs_[0].order->may_begin());
}

TEST_F(OrdersTest, change_nothing_where_the_text_cannot_be_read) {
  take(kV1);
  take("{");
  EXPECT_EQ(seen()->version, "v1");
  EXPECT_TRUE(ledger_->state()->orders.malformed.contains(""));
  EXPECT_TRUE(jobs_[0].order->may_begin());
}

TEST_F(OrdersTest, forget_the_fault_of_a_text_that_was_mended) {
  take("{");
  take(kV1);
  EXPECT_TRUE(ledger_->state()->orders.malformed.empty());
}

TEST_F(OrdersTest, keep_the_former_order_of_a_path_that_cannot_be_read) {
  take(kV1);
  take(R"({"a":7,"b":{"version":"v2","url":"http://h/2"}})");
  EXPECT_TRUE(ledger_->state()->orders.malformed.contains("a"));
  EXPECT_EQ(seen("a")->version, "v1");
  EXPECT_EQ(seen("b")->version, "v2");
  EXPECT_TRUE(jobs_[0].order->may_begin());
}

TEST_F(OrdersTest, keep_what_came_of_a_path_that_a_start_cannot_read) {
  take(kV1);
  end(OutcomeKind::kSucceeded);
  start();
  begin(R"({"a":7})");
  ASSERT_TRUE(seen());
  EXPECT_EQ(seen()->result, OrderResult::kSucceeded);
}

TEST_F(OrdersTest, forget_a_path_that_is_ordered_no_more) {
  take(kV1);
  take("{}");
  EXPECT_FALSE(seen());
  EXPECT_FALSE(jobs_[0].order->may_begin());
}

TEST_F(OrdersTest, end_as_superseded_where_something_later_is_live) {
  put_live("v9", in_an_hour());
  take(R"({"a":{"version":"v1","url":"http://h/1","requestedAt":"2020-01-01T00:00:00Z"}})");
  EXPECT_TRUE(jobs_.empty());
  EXPECT_EQ(seen()->result, OrderResult::kSuperseded);
  EXPECT_NE(seen()->message.find("version v9 was asked for later"), std::string::npos);
}

TEST_F(OrdersTest, end_as_unchanged_where_the_later_content_is_the_one_ordered) {
  put_live("v1", in_an_hour());
  take(R"({"a":{"version":"v1","url":"http://h/1","requestedAt":"2020-01-01T00:00:00Z"}})");
  EXPECT_EQ(seen()->result, OrderResult::kUnchanged);
}

TEST_F(OrdersTest, come_later_than_what_is_live_where_they_name_no_time) {
  put_live("v9", now() + std::chrono::minutes(1));
  take(kV1);
  ASSERT_EQ(jobs_.size(), 1U);
  EXPECT_GT(jobs_[0].request.requested_at, ledger_->state()->live_at("a")->entry.requested_at);
}

TEST_F(OrdersTest, are_new_to_a_pod_that_has_nothing_whatever_time_they_name) {
  const auto before = now();
  take(R"({"a":{"version":"v1","url":"http://h/1","requestedAt":"2020-01-01T00:00:00Z"}})");
  ASSERT_EQ(jobs_.size(), 1U);
  EXPECT_GE(jobs_[0].request.requested_at, before);
}

TEST_F(OrdersTest, keep_the_time_at_which_an_order_was_first_seen) {
  take(kV1);
  const auto first = seen()->time;
  start();
  begin(kV1);
  EXPECT_EQ(seen()->time, first);
}

TEST_F(OrdersTest, fail_where_no_caller_could_ask_for_it) {
  admitted_ = fail(ErrorCode::kInvalid, Reason::kSourceNotAllowed, "no such source");
  take(kV1);
  EXPECT_TRUE(jobs_.empty());
  EXPECT_EQ(seen()->result, OrderResult::kFailed);
  EXPECT_EQ(seen()->reason, "SourceNotAllowed");
}

TEST_F(OrdersTest, count_content_as_unchanged_that_is_live_already) {
  put_live("v1", long_ago());
  take(kV1);
  jobs_[0].order->on_live_already();
  EXPECT_EQ(seen()->result, OrderResult::kUnchanged);
  EXPECT_EQ(seen()->sha256, Sha256{}.hex());
}

TEST_F(OrdersTest, have_succeeded_still_where_a_start_finds_their_content_live) {
  take(kV1);
  put_live("v1", jobs_[0].request.requested_at);
  end(OutcomeKind::kSucceeded);
  start();
  begin(kV1);
  ASSERT_EQ(jobs_.size(), 1U) << "only the worker finds out whether it is live";
  jobs_[0].order->on_live_already();
  EXPECT_EQ(seen()->result, OrderResult::kSucceeded);
}

TEST_F(OrdersTest, are_overtaken_by_a_call_that_came_later) {
  take(kV1);
  end(OutcomeKind::kSucceeded);
  Outcome call;
  call.kind = OutcomeKind::kSucceeded;
  call.path = "a";
  call.version = "v5";
  call.requested_at = in_an_hour();
  orders_->note_ended(call);
  EXPECT_TRUE(seen()->is_overtaken);
  EXPECT_EQ(seen()->version, "v5");
}

TEST_F(OrdersTest, are_not_overtaken_by_a_call_that_failed) {
  take(kV1);
  Outcome call;
  call.kind = OutcomeKind::kFailed;
  call.path = "a";
  call.requested_at = in_an_hour();
  orders_->note_ended(call);
  EXPECT_FALSE(seen()->is_overtaken);
}

TEST_F(OrdersTest, keep_a_start_from_restoring_what_an_order_has_replaced) {
  begin(kV1);
  const results::Entries wanted{{"a", {}}, {"b", {}}};
  put_live("v1", jobs_[0].request.requested_at);
  EXPECT_EQ(orders_->without_replaced(wanted).size(), 2U) << "it has not ended";
  end(OutcomeKind::kSucceeded);
  const auto rest = orders_->without_replaced(wanted);
  EXPECT_FALSE(rest.contains("a"));
  EXPECT_TRUE(rest.contains("b"));
}

}  // namespace
}  // namespace okg::hot_update
