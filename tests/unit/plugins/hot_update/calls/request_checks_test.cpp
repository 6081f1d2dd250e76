#include "plugins/hot_update/calls/request_checks.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

class CheckRequest : public testing::Test {
 protected:
  CheckRequest() {
    settings_.file_dir = "/shared";
    settings_.state_dir = "/shared/.state";
    settings_.max_paths = 2;
    request_.path = "a";
  }
  [[nodiscard]] Reason reason() const {
    const auto ok = check_request(settings_, request_, state_, work_);
    return ok ? Reason::kNone : ok.error().reason;
  }

  Settings settings_;
  api::UpdateRequest request_;
  LedgerState state_;
  WorkStatus work_;
};

TEST_F(CheckRequest, takes_as_many_paths_as_maxPaths_says) {
  state_.live["live"];
  EXPECT_EQ(reason(), Reason::kNone);
  work_.queued.emplace_back().path = "queued";
  EXPECT_EQ(reason(), Reason::kTooManyPaths);
  request_.path = "queued";
  EXPECT_EQ(reason(), Reason::kNone) << "it has its place already";
}

TEST_F(CheckRequest, counts_the_path_of_the_update_in_progress) {
  state_.live["live"];
  work_.in_progress.emplace().path = "in progress";
  EXPECT_EQ(reason(), Reason::kTooManyPaths);
}

TEST_F(CheckRequest, takes_every_rollback) {
  settings_.max_paths = 0;
  EXPECT_EQ(reason(), Reason::kTooManyPaths);
  request_.rollback = true;
  EXPECT_EQ(reason(), Reason::kNone);
}

TEST_F(CheckRequest, leaves_the_state_directory_to_the_sidecar) {
  request_.path = ".state/journal";
  EXPECT_EQ(reason(), Reason::kInvalidField);
}

TEST_F(CheckRequest, refuses_what_lacks_a_required_field) {
  settings_.content.require_sha256 = true;
  EXPECT_EQ(reason(), Reason::kMissingField);
}

TEST(CheckSource, replaces_the_url_by_the_one_that_is_fetched) {
  const source::Policy policy{source::SourceSettings()};
  api::UpdateRequest request;
  EXPECT_TRUE(check_source(policy, request)) << "a rollback has none";
  request.url = "HTTP://H/a";
  ASSERT_TRUE(check_source(policy, request));
  EXPECT_EQ(request.url, policy.check("HTTP://H/a")->text());
}

}  // namespace
}  // namespace okg::hot_update
