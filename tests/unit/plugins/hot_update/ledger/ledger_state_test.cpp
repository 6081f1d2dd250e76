#include "plugins/hot_update/ledger/ledger_state.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

constexpr std::size_t kKeepVersions = 2;

Timestamp at(int microseconds) { return Timestamp(std::chrono::microseconds(microseconds)); }

LiveContent file(const std::string& version, int requested = 1) {
  return {{version, "http://h/a", Sha256{}, results::Scope::kWorkload, at(requested)}, 3, "", ""};
}

LiveContent tree(const std::string& version, int requested = 1,
                 results::TreeMode mode = results::TreeMode::kMirror) {
  auto live = file(version, requested);
  live.entry.tree = results::TreeEntry{};
  live.entry.tree->options.mode = mode;
  return live;
}

UpdateEnd end_of(std::uint64_t seq, PathEnd path) {
  UpdateEnd end;
  end.outcome.seq = seq;
  end.outcome.path = path.path;
  end.paths = {std::move(path)};
  return end;
}

class LedgerStateTest : public testing::Test {
 protected:
  std::uint64_t end(PathEnd path) {
    state_.note_ended(end_of(++seq_, std::move(path)), kKeepVersions);
    return seq_;
  }
  std::string version_at(const std::string& path) const {
    const auto live = state_.live_at(path);
    return live ? live->entry.version : "nothing";
  }
  std::vector<std::string> kept_names() const {
    std::vector<std::string> names;
    for (const auto& each : state_.kept) names.push_back(each.name);
    return names;
  }

  LedgerState state_;
  std::uint64_t seq_ = 0;
};

using Names = std::vector<std::string>;

TEST_F(LedgerStateTest, has_what_went_live_and_nothing_at_other_paths) {
  end({"a", file("v1")});
  EXPECT_EQ(version_at("a"), "v1");
  EXPECT_FALSE(state_.live_at("b"));
}

TEST_F(LedgerStateTest, has_still_what_was_live_after_an_update_that_failed) {
  end({"a", file("v1")});
  end({"a", std::nullopt});
  EXPECT_EQ(version_at("a"), "v1");
}

TEST_F(LedgerStateTest, has_the_newest_outcome_until_it_is_recorded) {
  EXPECT_FALSE(state_.unrecorded());
  end({"a", file("v1")});
  const auto seq = end({"a", file("v2")});
  EXPECT_EQ(state_.unrecorded()->seq, seq);
  state_.recorded_seq = seq;
  EXPECT_FALSE(state_.unrecorded());
  EXPECT_EQ(state_.last()->seq, seq);
}

TEST_F(LedgerStateTest, keeps_the_last_outcomes_only) {
  for (std::size_t i = 0; i < LedgerState::kMaxHistory + 5; ++i) end({"a", file("v")});
  EXPECT_EQ(state_.history.size(), LedgerState::kMaxHistory);
  EXPECT_EQ(state_.history.front().seq, 6U);
}

TEST_F(LedgerStateTest, numbers_go_on_behind_the_highest_it_has_met) {
  end({"a", file("v1")});
  EXPECT_EQ(state_.last_seq, 1U);
  Outcome started;
  started.seq = 7;
  state_.note_started(started);
  EXPECT_EQ(state_.last_seq, 7U);
  state_.note_intent({9, {}});
  EXPECT_EQ(state_.last_seq, 9U);
  end({"a", file("v1")});
  EXPECT_EQ(state_.last_seq, 9U);
}

TEST_F(LedgerStateTest, an_end_takes_away_what_was_begun) {
  Outcome started;
  started.seq = 1;
  state_.note_started(started);
  state_.note_intent({1, {{"a", file("v1"), {}}}});
  end({"a", file("v1")});
  EXPECT_TRUE(state_.started.empty());
  EXPECT_TRUE(state_.intents.empty());
}

TEST_F(LedgerStateTest, an_end_leaves_what_others_have_begun) {
  Outcome started;
  started.seq = 2;
  state_.note_started(started);
  state_.note_intent({2, {{"b", file("v1"), {}}}});
  end({"a", file("v1")});
  EXPECT_EQ(state_.started.size(), 1U);
  EXPECT_EQ(state_.intents.size(), 1U);
}

TEST_F(LedgerStateTest, old_content_is_to_be_reverted_to_where_an_end_says_so) {
  state_.note_intent({1, {{"a", file("v1"), {}}, {"b", file("v1"), {}}}});
  EXPECT_TRUE(state_.paths_to_revert().empty());
  auto failed = end_of(1, {"a", std::nullopt});
  failed.needs_revert = true;
  state_.note_ended(failed, kKeepVersions);
  EXPECT_EQ(state_.paths_to_revert(), (std::set<std::string>{"a", "b"}));
}

TEST_F(LedgerStateTest, no_old_content_is_reverted_to_where_another_update_went_live) {
  state_.note_intent({1, {{"a", file("v1"), {}}, {"b", file("v1"), {}}}, true});
  seq_ = 1;
  end({"a", file("v2")});
  EXPECT_EQ(state_.paths_to_revert(), std::set<std::string>{"b"});
  end({"b", file("v2")});
  EXPECT_TRUE(state_.intents.empty());
}

TEST_F(LedgerStateTest, an_intent_that_is_dropped_is_gone) {
  state_.note_intent({1, {}, true});
  state_.note_intent({2, {}, true});
  state_.drop_intent(1);
  ASSERT_EQ(state_.intents.size(), 1U);
  EXPECT_EQ(state_.intents.front().seq, 2U);
}

TEST_F(LedgerStateTest, keeps_as_many_versions_of_each_path_as_it_may) {
  for (const auto* name : {"1", "2", "3"}) end({"a", file("v"), KeptContent{"a", name, {}}});
  end({"b", file("v"), KeptContent{"b", "4", {}}});
  EXPECT_EQ(kept_names(), (Names{"2", "3", "4"}));
}

TEST_F(LedgerStateTest, keeps_no_more_what_went_live_again) {
  end({"a", file("v2"), KeptContent{"a", "1", file("v1")}});
  end({"a", file("v1"), KeptContent{"a", "2", file("v2")}, "1"});
  EXPECT_EQ(kept_names(), Names{"2"});
}

TEST_F(LedgerStateTest, keeps_no_more_what_is_too_much) {
  end({"a", file("v2"), KeptContent{"a", "1", {}}});
  auto more = end_of(2, {"b", file("v1"), KeptContent{"b", "2", {}}});
  more.dropped_kept = {"1"};
  state_.note_ended(more, kKeepVersions);
  EXPECT_EQ(kept_names(), Names{"2"});
}

TEST_F(LedgerStateTest, what_was_live_below_a_tree_goes_with_the_tree_that_is_kept) {
  end({"m", tree("v1", 1)});
  end({"m/1", file("fix", 2)});
  end({"m", tree("v2", 3), KeptContent{"m", "1", tree("v1")}});
  EXPECT_FALSE(state_.live_at("m/1"));
  EXPECT_EQ(state_.kept.front().below.at("m/1").entry.version, "fix");
}

TEST_F(LedgerStateTest, what_was_asked_for_after_a_tree_stays_live_below_it) {
  end({"m/1", file("fix", 9)});
  end({"m", tree("v2", 3), KeptContent{"m", "1", {}}});
  EXPECT_EQ(version_at("m/1"), "fix");
}

TEST_F(LedgerStateTest, what_is_live_beside_a_tree_stays_so) {
  end({"maps", file("v1", 1)});
  end({"m", tree("v2", 3), KeptContent{"m", "1", {}}});
  EXPECT_TRUE(state_.live_at("maps"));
}

TEST_F(LedgerStateTest, what_was_live_below_a_tree_comes_back_with_it_and_is_newer_than_it) {
  end({"m", tree("v1", 1)});
  end({"m/1", file("fix", 2)});
  end({"m", tree("v2", 3), KeptContent{"m", "1", tree("v1")}});
  end({"m", tree("v1", 5), KeptContent{"m", "2", tree("v2")}, "1"});
  EXPECT_EQ(version_at("m/1"), "fix");
  EXPECT_GT(state_.live_at("m/1")->entry.requested_at, state_.live_at("m")->entry.requested_at);
}

TEST_F(LedgerStateTest, what_is_kept_of_a_path_in_a_folder_goes_with_the_folder) {
  end({"m", tree("v1", 1)});
  end({"m/1", file("fix", 2), KeptContent{"m/1", "1", {}}});
  end({"m", tree("v2", 3), KeptContent{"m", "2", tree("v1")}});
  EXPECT_EQ(kept_names(), Names{"2"});
}

TEST_F(LedgerStateTest, what_is_kept_of_a_path_below_an_overlay_stays) {
  end({"m", tree("v1", 1)});
  end({"m/1", file("fix", 2), KeptContent{"m/1", "1", {}}});
  end({"m", tree("v2", 3, results::TreeMode::kOverlay), KeptContent{"m", "2", {}, true}});
  EXPECT_EQ(kept_names(), (Names{"1", "2"}));
}

TEST_F(LedgerStateTest, a_folder_of_the_image_that_is_live_again_takes_the_place_of_a_tree) {
  end({"m", tree("v1", 1), KeptContent{"m", "1", {}}});
  end({"m/1", file("fix", 2)});
  end({"m", file("original", 3), KeptContent{"m", "2", tree("v1")}, "1"});
  EXPECT_FALSE(state_.live_at("m/1"));
  EXPECT_TRUE(state_.kept.front().below.contains("m/1"));
}

}  // namespace
}  // namespace okg::hot_update
