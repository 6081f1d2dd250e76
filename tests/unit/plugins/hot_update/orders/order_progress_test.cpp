#include "plugins/hot_update/orders/order_progress.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

using std::chrono::seconds;

Timestamp at(int second) { return Timestamp(seconds(second)); }

Outcome ended(OutcomeKind kind) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.version = "v3";
  outcome.sha256 = "s";
  outcome.message = "words";
  outcome.reason = Reason::kChecksumMismatch;
  outcome.requested_at = at(5);
  outcome.finished_at = at(9);
  return outcome;
}

SeenOrder seen(OutcomeKind kind) {
  SeenOrder seen;
  seen.by = "ops";
  seen.version = "v2";
  seen.time = at(1);
  set_outcome(seen, ended(kind));
  return seen;
}

TEST(OrderResults, are_open_ended_well_or_due_again) {
  using R = OrderResult;
  for (const auto result : {R::kPending, R::kWaiting}) EXPECT_TRUE(is_open(result));
  for (const auto result : {R::kSucceeded, R::kFailed, R::kSuperseded})
    EXPECT_FALSE(is_open(result));
  for (const auto result : {R::kSucceeded, R::kUnchanged}) EXPECT_TRUE(has_ended_well(result));
  for (const auto result : {R::kPending, R::kFailed, R::kSuperseded})
    EXPECT_FALSE(has_ended_well(result));
}

TEST(OrderResults, are_tried_once_more_by_a_start_unless_that_would_disturb) {
  using R = OrderResult;
  for (const auto result : {R::kPending, R::kWaiting, R::kSucceeded, R::kUnchanged, R::kFailed})
    EXPECT_TRUE(is_due_at_start(result)) << to_string(result);
  for (const auto result : {R::kRolledBack, R::kCancelled, R::kSuperseded})
    EXPECT_FALSE(is_due_at_start(result)) << to_string(result);
}

TEST(SetOutcome, has_the_result_of_each_end) {
  EXPECT_EQ(seen(OutcomeKind::kSucceeded).result, OrderResult::kSucceeded);
  EXPECT_EQ(seen(OutcomeKind::kUnchanged).result, OrderResult::kUnchanged);
  EXPECT_EQ(seen(OutcomeKind::kFailed).result, OrderResult::kFailed);
  EXPECT_EQ(seen(OutcomeKind::kCancelled).result, OrderResult::kCancelled);
  EXPECT_EQ(seen(OutcomeKind::kRolledBack).result, OrderResult::kRolledBack);
}

TEST(SetOutcome, says_why_it_failed) {
  const auto failed = seen(OutcomeKind::kFailed);
  EXPECT_EQ(failed.reason, "ChecksumMismatch");
  EXPECT_EQ(failed.message, "words");
  EXPECT_EQ(failed.at, at(9));
}

TEST(SetOutcome, says_nothing_of_what_succeeded) {
  EXPECT_EQ(seen(OutcomeKind::kSucceeded).reason, "");
  EXPECT_EQ(seen(OutcomeKind::kSucceeded).message, "");
}

TEST(SetOutcome, has_the_time_of_what_succeeded_alone) {
  EXPECT_EQ(seen(OutcomeKind::kSucceeded).time, at(5));
  EXPECT_EQ(seen(OutcomeKind::kFailed).time, at(1));
}

TEST(SetOvertaken, is_of_the_call_that_came_later) {
  auto order = seen(OutcomeKind::kFailed);
  order.previous = {"v1", "u", "t"};
  set_overtaken(order, ended(OutcomeKind::kSucceeded));
  EXPECT_TRUE(order.is_overtaken);
  EXPECT_EQ(order.result, OrderResult::kSucceeded);
  EXPECT_EQ(order.version, "v3");
  EXPECT_EQ(order.by, "");
  EXPECT_EQ(order.message, "");
  EXPECT_FALSE(order.previous);
  EXPECT_EQ(order.at, at(9));
}

TEST(SetResult, has_a_reason_for_an_error) {
  SeenOrder order;
  set_result(order, OrderResult::kWaiting, fail(ErrorCode::kConflict, "players"));
  EXPECT_EQ(order.result, OrderResult::kWaiting);
  EXPECT_EQ(order.message, "players");
  EXPECT_NE(order.reason, "");
}

}  // namespace
}  // namespace okg::hot_update
