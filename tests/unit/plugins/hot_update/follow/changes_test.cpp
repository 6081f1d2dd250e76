#include "plugins/hot_update/follow/changes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace okg::hot_update {
namespace {

using Views = std::vector<api::UpdateView>;

api::UpdateView at_stage(const std::string& id, const std::string& stage) {
  api::UpdateView view;
  view.state = api::UpdateState::kInProgress;
  view.open.id = id;
  view.open.stage = stage;
  return view;
}

api::UpdateView ended(const std::string& id) {
  api::UpdateView view;
  view.state = api::UpdateState::kEnded;
  view.ended.answer.id = id;
  return view;
}

/// It has been told of `a`, which is at "fetch".
class ChangesTest : public testing::Test {
 protected:
  ChangesTest() { (void)changes_.among({at_stage("a", "fetch")}); }

  Changes changes_;
};

TEST_F(ChangesTest, are_all_updates_at_first) {
  const Views both{at_stage("a", "fetch"), at_stage("b", "request")};
  EXPECT_EQ(Changes().among(both), both);
}

TEST_F(ChangesTest, are_none_while_all_is_the_same) {
  EXPECT_EQ(changes_.among({at_stage("a", "fetch")}), Views{});
}

TEST_F(ChangesTest, are_those_that_came_since) {
  EXPECT_EQ(changes_.among({at_stage("a", "fetch"), at_stage("b", "request")}),
            Views{at_stage("b", "request")});
}

TEST_F(ChangesTest, are_those_that_are_at_another_stage) {
  EXPECT_EQ(changes_.among({at_stage("a", "verify")}), Views{at_stage("a", "verify")});
}

TEST_F(ChangesTest, are_those_that_ended) {
  EXPECT_EQ(changes_.among({ended("a")}), Views{ended("a")});
}

TEST_F(ChangesTest, are_told_once) {
  (void)changes_.among({at_stage("a", "verify")});
  EXPECT_EQ(changes_.among({at_stage("a", "verify")}), Views{});
}

TEST_F(ChangesTest, are_not_made_by_progress_alone) {
  auto further = at_stage("a", "fetch");
  further.progress.bytes_done = 5;
  EXPECT_EQ(changes_.among({further}), Views{});
}

TEST_F(ChangesTest, come_with_the_progress_of_now) {
  auto further = at_stage("a", "verify");
  further.progress.bytes_done = 5;
  EXPECT_EQ(changes_.among({further}), Views{further});
}

TEST_F(ChangesTest, are_new_again_once_they_were_gone) {
  (void)changes_.among({});
  EXPECT_EQ(changes_.among({at_stage("a", "fetch")}), Views{at_stage("a", "fetch")});
}

TEST_F(ChangesTest, keep_the_order_of_the_updates) {
  const Views later{at_stage("c", "request"), at_stage("a", "verify"), at_stage("b", "request")};
  EXPECT_EQ(changes_.among(later), later);
}

}  // namespace
}  // namespace okg::hot_update
