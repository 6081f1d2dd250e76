#include "base/text/closest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace okg {
namespace {

TEST(Closest, names_the_nearest_word_or_none) {
  static constexpr std::array<std::string_view, 3> kWords{"signalName", "processName",
                                                          "waitSeconds"};
  EXPECT_EQ(closest("signalNmae", kWords), "signalName");
  EXPECT_EQ(closest("PROCESSNAME", kWords), "processName");
  EXPECT_EQ(closest("colour", kWords), "");
}

}  // namespace
}  // namespace okg
