#include "plugins/hot_update/update/run/cancelled.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

TEST(Cancelled, is_a_stop_with_its_own_reason) {
  EXPECT_EQ(cancelled().code, ErrorCode::kStopping);
  EXPECT_EQ(cancelled().reason, Reason::kCancelled);
}

TEST(Cancelled, has_no_number_while_it_was_queued) {
  api::UpdateRequest request;
  request.id = "one";
  request.path = "a";
  const auto outcome = cancelled_outcome(request, {});
  EXPECT_EQ(outcome.seq, 0U);
  EXPECT_EQ(outcome.id, "one");
  EXPECT_EQ(outcome.kind, OutcomeKind::kCancelled);
  EXPECT_EQ(outcome.reason, Reason::kCancelled);
}

TEST(Cancelled, ended_when_it_was_cancelled) {
  const auto at = Timestamp(std::chrono::microseconds(5));
  EXPECT_EQ(cancelled_outcome({}, at).finished_at, at);
}

}  // namespace
}  // namespace okg::hot_update
