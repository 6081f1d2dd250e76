#include "plugins/hot_update/orders/hold.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace okg::hot_update {
namespace {

class Hold : public testing::Test {
 protected:
  Hold() {
    std::string name = (std::filesystem::temp_directory_path() / "hold-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Hold() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  /// Why orders wait while the pod has these labels.
  [[nodiscard]] std::string why(const std::string& labels) const {
    std::ofstream(folder_ / "labels") << labels;
    return why_held({"game.kruise.io/state", {"Allocated", "PreDelete"}, folder_ / "labels"});
  }
  std::filesystem::path folder_;
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
