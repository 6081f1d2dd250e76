#include "plugins/hot_update/game/notify_outcome.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

class NotifyOutcomeTest : public testing::Test {
 protected:
  NotifyOutcomeTest() { outcome_.message = "SIGHUP sent"; }

  NotifyOutcome outcome_;
  const Warning one_{"One", "first"};
  const Warning two_{"Two", "second"};
};

TEST_F(NotifyOutcomeTest, is_what_it_was_without_warnings) {
  outcome_.add({});
  EXPECT_EQ(outcome_.message, "SIGHUP sent");
  EXPECT_EQ(outcome_.warnings, Warnings());
}

TEST_F(NotifyOutcomeTest, says_each_warning_in_its_message) {
  outcome_.add({one_, two_});
  EXPECT_EQ(outcome_.message, "SIGHUP sent; warning: first; warning: second");
}

TEST_F(NotifyOutcomeTest, has_each_warning_behind_those_that_it_had) {
  outcome_.add({one_});
  outcome_.add({two_});
  EXPECT_EQ(outcome_.warnings, (Warnings{one_, two_}));
}

}  // namespace
}  // namespace okg::hot_update
