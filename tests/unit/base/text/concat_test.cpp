#include "base/text/concat.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <limits>

namespace okg {
namespace {

TEST(Concat, takes_text_numbers_and_paths) {
  const std::string text = "b";
  EXPECT_EQ(concat("a", text, std::string_view("c"), std::filesystem::path("/d/e")), "abc/d/e");
  EXPECT_EQ(concat(-1, "/", std::size_t{0}), "-1/0");
  EXPECT_EQ(concat(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

}  // namespace
}  // namespace okg
