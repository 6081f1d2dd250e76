#include "plugins/hot_update/update/reverts.hpp"

#include "pod.hpp"

namespace okg::hot_update {
namespace {

/// An update whose game cannot be notified, on a disk that does not take the old content back.
class RevertsTest : public PodTest {
 protected:
  Outcome fail_to_revert() {
    put_live("a", "old");
    const auto asked = request("v1", "new");
    game_.notify_error = Error{ErrorCode::kUpstream, "no process"};
    files_.fail("rename", EIO, 2);
    auto outcome = update(asked);
    game_.notify_error = std::nullopt;
    game_.heard.clear();
    return outcome;
  }
};

TEST_F(RevertsTest, says_what_could_not_be_reverted) {
  EXPECT_NE(fail_to_revert().message.find("reverting to the old content failed"),
            std::string::npos);
}

TEST_F(RevertsTest, knows_the_paths_that_are_left) {
  fail_to_revert();
  EXPECT_EQ(state()->paths_to_revert(), std::set<std::string>{"a"});
}

TEST_F(RevertsTest, reverts_later) {
  fail_to_revert();
  reverts().retry({});
  EXPECT_EQ(live(), "old");
  EXPECT_FALSE(reverts().are_left());
}

TEST_F(RevertsTest, notifies_the_game_once_it_is_reverted) {
  fail_to_revert();
  reverts().retry({});
  ASSERT_EQ(game_.heard.size(), 1U);
  EXPECT_EQ(game_.heard.front().who, Audience::Who::kStartedBefore);
}

TEST_F(RevertsTest, stays_left_while_the_disk_is_broken) {
  fail_to_revert();
  files_.fail_all("rename", EIO);
  reverts().retry({});
  EXPECT_TRUE(reverts().are_left());
  EXPECT_TRUE(game_.heard.empty());
}

TEST_F(RevertsTest, is_retried_before_the_next_update) {
  fail_to_revert();
  update(request("v2", "other", "b"));
  EXPECT_EQ(live("a"), "old");
}

TEST_F(RevertsTest, is_retried_after_a_restart) {
  fail_to_revert();
  start();
  recovery().resolve_interrupted({});
  EXPECT_EQ(live(), "old");
}

TEST_F(RevertsTest, leaves_alone_what_somebody_repaired) {
  fail_to_revert();
  put_live("a", "repaired");
  reverts().retry({});
  EXPECT_EQ(live(), "repaired");
  EXPECT_TRUE(game_.heard.empty());
}

TEST_F(RevertsTest, is_over_when_a_later_update_succeeds) {
  fail_to_revert();
  files_.fail("rename", EIO);  // of the retry before that update
  EXPECT_EQ(update("v2", "next").kind, OutcomeKind::kSucceeded);
  EXPECT_FALSE(reverts().are_left());
}

TEST_F(RevertsTest, keeps_the_content_from_before_the_failure_for_a_rollback) {
  fail_to_revert();
  files_.fail("rename", EIO);
  update("v2", "next");
  roll_back();
  EXPECT_EQ(live(), "old");
}

TEST_F(RevertsTest, removes_a_file_that_was_not_there_before) {
  game_.health_error = Error{ErrorCode::kUpstream, "not healthy"};
  update("v1", "new");
  EXPECT_EQ(live(), std::nullopt);
}

TEST_F(RevertsTest, puts_a_symlink_back) {
  put_live("target", "old");
  std::filesystem::create_symlink("target", settings_.file_dir / "a");
  game_.health_error = Error{ErrorCode::kUpstream, "not healthy"};
  update("v1", "new");
  EXPECT_EQ(std::filesystem::read_symlink(settings_.file_dir / "a"), "target");
}

}  // namespace
}  // namespace okg::hot_update
