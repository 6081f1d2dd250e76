#include "plugins/hot_update/game/find.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

process::Process titled(std::string command_line) {
  process::Process process;
  process.pid = 7;
  process.comm = "game";
  process.command_line = std::move(command_line);
  return process;
}

TEST(DescribeProcess, names_it_by_its_command_line) {
  EXPECT_EQ(describe(titled("nginx: master process nginx")),
            "process 7 (nginx: master process nginx)");
}

TEST(DescribeProcess, names_it_by_its_name_where_the_command_line_is_blank) {
  EXPECT_EQ(describe(titled("")), "process 7 (game)");
}

TEST(DescribeProcess, cuts_a_long_command_line_between_two_characters) {
  EXPECT_EQ(describe(titled("/game " + std::string(73, 'x') + "地图")),
            "process 7 (/game " + std::string(73, 'x') + "…)");
}

}  // namespace
}  // namespace okg::hot_update
