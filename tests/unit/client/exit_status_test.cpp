#include "client/exit_status.hpp"

#include <gtest/gtest.h>

namespace okg::client {
namespace {

ExitStatus of_error(ErrorCode code) { return exit_status_of(fail(code, "")); }

ExitStatus of_status(int status) {
  return exit_status_of(Answer{status, "", Json{{"reason", "Of a sidecar"}}});
}

TEST(ExitStatusOfError, tells_a_wrong_command_line_and_ctrl_c_apart) {
  EXPECT_EQ(of_error(ErrorCode::kInvalid), 64);
  EXPECT_EQ(of_error(ErrorCode::kStopping), 130);
}

TEST(ExitStatusOfError, is_unreachable_for_all_others) {
  for (const auto code : {ErrorCode::kUnavailable, ErrorCode::kTimeout, ErrorCode::kUpstream,
                          ErrorCode::kRefused, ErrorCode::kForbidden, ErrorCode::kInternal})
    EXPECT_EQ(of_error(code), 69);
}

TEST(ExitStatusOfAnswer, is_usage_for_what_was_sent_wrong) {
  for (const int status : {400, 413, 415, 422}) EXPECT_EQ(of_status(status), 64) << status;
}

TEST(ExitStatusOfAnswer, is_try_later_where_that_may_help) {
  for (const int status : {429, 503}) EXPECT_EQ(of_status(status), 75) << status;
}

TEST(ExitStatusOfAnswer, is_failed_for_all_others) {
  for (const int status : {301, 401, 403, 404, 405, 409, 500, 502, 504, 507})
    EXPECT_EQ(of_status(status), 1) << status;
}

TEST(ExitStatusOfAnswer, is_unreachable_where_a_proxy_answers_for_the_sidecar) {
  for (const int status : {502, 503, 504})
    EXPECT_EQ(exit_status_of(Answer{status, "<html>", {}}), 69) << status;
}

TEST(ExitStatusOfResult, is_done_failed_or_rolled_back) {
  using api::UpdateResult;
  for (const auto result :
       {UpdateResult::kSucceeded, UpdateResult::kUnchanged, UpdateResult::kAccepted})
    EXPECT_EQ(exit_status_of(result), 0) << to_string(result);
  for (const auto result : {UpdateResult::kFailed, UpdateResult::kCancelled})
    EXPECT_EQ(exit_status_of(result), 1) << to_string(result);
  EXPECT_EQ(exit_status_of(UpdateResult::kRolledBack), 2);
}

}  // namespace
}  // namespace okg::client
