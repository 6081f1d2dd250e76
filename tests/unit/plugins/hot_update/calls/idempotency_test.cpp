#include "plugins/hot_update/calls/idempotency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "api/idempotency_key.hpp"
#include "plugins/hot_update/work/worker_pod.hpp"

namespace okg::hot_update {
namespace {

using testing::HasSubstr;

/// `response_` is what the repetition is answered right away, `ended_` how it ends.
class IdempotencyTest : public WorkerPodTest {
 protected:
  static api::UpdateRequest with_key(const std::string& key, const std::string& version = "v1") {
    auto request = rollback(version);
    request.id = "id-of-" + version;
    request.idempotency_key = key;
    return request;
  }
  void wait_in_queue(const api::UpdateRequest& request) {
    first_ = std::move(enqueue(request).value());
  }
  void cancel_in_queue(const api::UpdateRequest& request) {
    wait_in_queue(request);
    ASSERT_TRUE(worker_->cancel(request.id, [](const Result<Outcome>&) {}));
  }
  void end(const api::UpdateRequest& request, const std::string& message = "") {
    Outcome outcome;
    outcome.seq = ledger_->next_seq();
    outcome.id = request.id;
    outcome.kind = OutcomeKind::kSucceeded;
    outcome.message = message;
    outcome.idempotency_key = request.idempotency_key;
    outcome.request_digest = api::digest_of(request);
    ASSERT_TRUE(ledger_->note_ended({outcome}, 2));
  }
  bool repeat(const api::UpdateRequest& request) {
    return answer_repetition(
        *ledger_, *worker_, request, [this](const Result<Outcome>& ended) { ended_ = ended; },
        [this](http::ServerResponse response) { response_ = std::move(response); });
  }
  [[nodiscard]] int status() const { return response_ ? response_->status : 0; }

  Ended first_;
  std::optional<http::ServerResponse> response_;
  std::optional<Result<Outcome>> ended_;
};

api::UpdateRequest without_waiting(api::UpdateRequest request) {
  request.wait = false;
  return request;
}

TEST_F(IdempotencyTest, is_asked_for_by_a_key) {
  wait_in_queue(with_key(""));
  end(with_key(""));
  EXPECT_FALSE(repeat(with_key("")));
}

TEST_F(IdempotencyTest, takes_a_new_key_for_a_new_update) {
  wait_in_queue(with_key("a"));
  end(with_key("b"));
  cancel_in_queue(with_key("c", "v2"));
  EXPECT_FALSE(repeat(with_key("d")));
  EXPECT_FALSE(response_);
  EXPECT_FALSE(ended_);
}

TEST_F(IdempotencyTest, answers_with_the_id_of_the_queued_one) {
  wait_in_queue(with_key("a"));
  auto again = without_waiting(with_key("a"));
  again.id = "another";
  ASSERT_TRUE(repeat(again));
  EXPECT_EQ(status(), 202);
  EXPECT_THAT(std::string(response_->body.view()), HasSubstr("\"id\":\"id-of-v1\""));
}

TEST_F(IdempotencyTest, answers_who_waits_once_the_queued_one_has_ended) {
  wait_in_queue(with_key("a"));
  ASSERT_TRUE(repeat(with_key("a")));
  EXPECT_FALSE(response_);
  EXPECT_FALSE(ended_);
  worker_->stop();
  ASSERT_TRUE(ended_);
  EXPECT_EQ(ended_->error().code, ErrorCode::kStopping);
}

TEST_F(IdempotencyTest, finds_the_one_in_progress) {
  auto request = endless("v1");
  request.idempotency_key = "a";
  auto first = start(request);
  ASSERT_TRUE(repeat(without_waiting(request)));
  EXPECT_EQ(status(), 202);
}

TEST_F(IdempotencyTest, answers_422_to_another_request_with_the_key_of_a_queued_one) {
  wait_in_queue(with_key("a"));
  ASSERT_TRUE(repeat(with_key("a", "v2")));
  EXPECT_EQ(status(), 422);
  EXPECT_THAT(std::string(response_->body.view()), HasSubstr("which is update id-of-v1;"));
}

TEST_F(IdempotencyTest, answers_422_to_another_request_with_the_key_of_a_cancelled_one) {
  cancel_in_queue(with_key("a"));
  ASSERT_TRUE(repeat(with_key("a", "v2")));
  EXPECT_EQ(status(), 422);
  EXPECT_FALSE(ended_);
}

TEST_F(IdempotencyTest, answers_422_to_another_request_with_the_key_of_an_ended_one) {
  end(with_key("a"));
  ASSERT_TRUE(repeat(with_key("a", "v2")));
  EXPECT_EQ(status(), 422);
  EXPECT_FALSE(ended_);
}

TEST_F(IdempotencyTest, answers_422_to_the_same_request_of_another_caller) {
  wait_in_queue(with_key("a"));
  auto foreign = with_key("a");
  foreign.caller = "somebody-else";
  ASSERT_TRUE(repeat(foreign));
  EXPECT_EQ(status(), 422);
}

TEST_F(IdempotencyTest, answers_with_the_end_of_one_that_was_cancelled_in_the_queue) {
  cancel_in_queue(with_key("a"));
  ASSERT_TRUE(repeat(with_key("a")));
  ASSERT_TRUE(ended_);
  ASSERT_TRUE(*ended_);
  EXPECT_EQ((*ended_)->kind, OutcomeKind::kCancelled);
  EXPECT_EQ((*ended_)->id, "id-of-v1");
}

TEST_F(IdempotencyTest, answers_with_the_outcome_of_the_one_that_ended) {
  end(with_key("a"), "of a");
  end(with_key("b"), "of b");
  ASSERT_TRUE(repeat(with_key("a")));
  EXPECT_FALSE(response_);
  ASSERT_TRUE(ended_);
  ASSERT_TRUE(*ended_);
  EXPECT_EQ((*ended_)->message, "of a");
}

TEST_F(IdempotencyTest, answers_also_who_does_not_wait_with_the_outcome_of_one_that_ended) {
  end(with_key("a"));
  ASSERT_TRUE(repeat(without_waiting(with_key("a"))));
  ASSERT_TRUE(ended_);
  ASSERT_TRUE(*ended_);
  EXPECT_EQ((*ended_)->kind, OutcomeKind::kSucceeded);
}

TEST_F(IdempotencyTest, answers_with_the_newest_of_several_outcomes) {
  end(with_key("a"), "older");
  end(with_key("a"), "newer");
  ASSERT_TRUE(repeat(with_key("a")));
  EXPECT_EQ((*ended_)->message, "newer");
}

}  // namespace
}  // namespace okg::hot_update
