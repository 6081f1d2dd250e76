#include "plugins/hot_update/orders/hold.hpp"

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

class Hold : public testing::Test {
 protected:
  /// Why orders wait while the pod has these labels.
  [[nodiscard]] std::string why(const std::string& labels) const {
    folder_.write("labels", labels);
    return why_held(
        {"game.kruise.io/state", {"Allocated", "PreDelete"}, folder_.path() / "labels"});
  }
  tests::TemporaryFolder folder_;
};

TEST_F(Hold, lasts_while_the_label_has_one_of_the_values) {
  EXPECT_EQ(why("a=\"b\"\ngame.kruise.io/state=\"Allocated\"\n"),
            "label game.kruise.io/state is Allocated (orders.holdWhile)");
}

TEST_F(Hold, is_over_with_another_value) { EXPECT_EQ(why("game.kruise.io/state=\"None\"\n"), ""); }

TEST_F(Hold, is_over_without_the_label) { EXPECT_EQ(why("a=\"b\"\n"), ""); }

TEST_F(Hold, lasts_while_the_labels_cannot_be_read) {
  EXPECT_NE(why("no label\n").find("project them"), std::string::npos);
}

}  // namespace
}  // namespace okg::hot_update
