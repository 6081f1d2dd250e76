#include "client/processes.hpp"

#include <gtest/gtest.h>

namespace okg::client {
namespace {

api::ListedProcess nginx() {
  return {7, "nginx", "nginx: master", 101, "game", api::SignalHandling::kCaught, 1, true, "best"};
}

TEST(TableOfProcesses, has_a_line_for_each_process) {
  EXPECT_EQ(table_of({nginx()}),
            "PID  USER  CONTAINER  HANDLES  RANK  CHOSEN  COMMAND        REASON\n"
            "7    101   game       caught   1     yes     nginx: master  best\n");
}

TEST(TableOfProcesses, has_a_dash_for_what_is_not_known) {
  api::ListedProcess near;
  near.pid = 8;
  near.reason = "near";
  EXPECT_EQ(table_of({near}),
            "PID  USER  CONTAINER  HANDLES  RANK  CHOSEN  COMMAND  REASON\n"
            "8    -     -          -        -     no      -        near\n");
}

TEST(TableOfProcesses, cuts_a_long_command_line_and_a_long_id) {
  auto process = nginx();
  process.command_line = std::string(200, 'x');
  process.container = std::string(64, 'a');
  const auto table = table_of({process});
  EXPECT_NE(table.find(" " + std::string(60, 'x') + "…"), std::string::npos) << table;
  EXPECT_NE(table.find(" " + std::string(15, 'a') + "…"), std::string::npos) << table;
}

TEST(TableOfProcesses, is_json_for_programs) {
  EXPECT_EQ(text_of({}, Output::kJson), "[]\n");
  EXPECT_EQ(text_of({nginx()}, Output::kText), table_of({nginx()}));
}

}  // namespace
}  // namespace okg::client
