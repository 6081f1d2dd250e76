#include "plugins/hot_update/update/run/planned_update.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

/// An update of the path "a", which is number 7.
class PlannedUpdateTest : public testing::Test {
 protected:
  PlannedUpdateTest() { planned_.request.path = "a"; }
  [[nodiscard]] Replacement replacement() const { return replacement_for(planned_, 7, state_); }
  /// An earlier update of the path, whose old content was a symlink to `old`.
  void leave_intent(const std::string& path, const std::string& old, bool needs_revert) {
    Intent intent{1, {{path, {}, OldContent::symlink(old)}}};
    intent.needs_revert = needs_revert;
    state_.intents.push_back(intent);
  }

  PlannedUpdate planned_;
  LedgerState state_;
};

TEST_F(PlannedUpdateTest, becomes_an_entry_with_all_that_was_asked_for) {
  auto& request = planned_.request;
  request.version = "v2";
  request.url = "http://h/a";
  request.sha256 = sha256_of("text");
  request.scope = results::Scope::kPod;
  request.requested_at = Timestamp(std::chrono::microseconds(5));
  request.until = "game:v3";
  request.signature = "signed";
  results::Entry entry{"v2",
                       "http://h/a",
                       sha256_of("text"),
                       results::Scope::kPod,
                       Timestamp(std::chrono::microseconds(5)),
                       "game:v3"};
  entry.signature = "signed";
  EXPECT_EQ(replacement().entry, entry);
  EXPECT_EQ(replacement().path, "a");
}

TEST_F(PlannedUpdateTest, keeps_the_old_content_by_its_number) {
  EXPECT_EQ(replacement().name, "7");
}

TEST_F(PlannedUpdateTest, makes_a_folder_as_the_request_says) {
  EXPECT_FALSE(replacement().entry.tree);
  planned_.request.tree = results::TreeOptions{.mode = results::TreeMode::kOverlay};
  ASSERT_TRUE(replacement().entry.tree);
  EXPECT_EQ(replacement().entry.tree->options.mode, results::TreeMode::kOverlay);
}

TEST_F(PlannedUpdateTest, takes_kept_content_where_it_is_planned_with_some) {
  EXPECT_EQ(replacement().from_kept, std::nullopt);
  planned_.kept = KeptContent{"a", "3", std::nullopt};
  EXPECT_EQ(replacement().from_kept, "3");
}

TEST_F(PlannedUpdateTest, knows_what_is_live_at_its_path) {
  state_.live["b"].entry.version = "v9";
  EXPECT_EQ(replacement().was, std::nullopt);
  state_.live["a"].entry.version = "v1";
  ASSERT_TRUE(replacement().was);
  EXPECT_EQ(replacement().was->entry.version, "v1");
}

TEST_F(PlannedUpdateTest, knows_the_old_content_that_was_not_reverted_to) {
  leave_intent("a", "old", true);
  EXPECT_EQ(replacement().unreverted, OldContent::symlink("old"));
}

TEST_F(PlannedUpdateTest, takes_no_old_content_of_another_path) {
  leave_intent("b", "old", true);
  EXPECT_EQ(replacement().unreverted, std::nullopt);
}

TEST_F(PlannedUpdateTest, takes_no_old_content_of_an_update_that_may_be_live) {
  leave_intent("a", "old", false);
  EXPECT_EQ(replacement().unreverted, std::nullopt);
}

TEST_F(PlannedUpdateTest, finds_the_old_content_of_its_path_among_those_of_many) {
  Intent intent{1,
                {{"b", {}, OldContent::symlink("of b")}, {"a", {}, OldContent::symlink("of a")}}};
  intent.needs_revert = true;
  state_.intents.push_back(intent);
  EXPECT_EQ(replacement().unreverted, OldContent::symlink("of a"));
}

}  // namespace
}  // namespace okg::hot_update
