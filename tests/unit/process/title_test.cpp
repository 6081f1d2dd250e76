#include "process/title.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace okg::process {
namespace {

std::string shown(std::vector<std::string> arguments) {
  Process process;
  process.comm = "game";
  arguments.insert(arguments.begin(), "/app/game");
  for (const auto& each : arguments)
    process.command_line += (process.command_line.empty() ? "" : " ") + each;
  process.arguments = std::move(arguments);
  return shown_title(process).substr(std::string("/app/game ").size());
}

TEST(ShownTitle, masks_values_of_options_that_name_a_secret) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> kCases{
      {{"--password=s"}, "--password=***"},
      {{"--password", "s", "--port", "1"}, "--password *** --port 1"},
      {{"+rcon_password", "s"}, "+rcon_password ***"},
      {{"-rconpassword=s"}, "-rconpassword=***"},
      {{"--db-pass=s"}, "--db-pass=***"},
      {{"MYSQL_PWD=s"}, "MYSQL_PWD=***"},
      {{"--AccessKeySecret=s"}, "--AccessKeySecret=***"},
      {{"--accessKeyId", "s"}, "--accessKeyId ***"},
      {{"--license-key", "s"}, "--license-key ***"},
      {{"--header", "Authorization: Bearer s"}, "--header Authorization:***"},
      {{"--auth", "user:s"}, "--auth ***"},
      {{"--redis=redis://:s@h:1"}, "--redis=redis://***@h:1"},
      {{"--url=https://h/x?token=s"}, "--url=https://h/x?token=***"},
      {{"--token=https://h/s"}, "--token=***"},
  };
  for (const auto& [arguments, masked] : kCases) EXPECT_EQ(shown(arguments), masked);
}

TEST(ShownTitle, leaves_what_is_no_secret) {
  for (const std::string each : {"--port=7777", "--map", "maps/1.json", "-p", "--author=me",
                                 "C:/app/game", "/secret/game.conf", "--verbose", "a=b"})
    EXPECT_EQ(shown({each}), each);
  EXPECT_EQ(shown({"--password", "--port", "1"}), "--password --port 1");
  EXPECT_EQ(shown({"passwords.txt", "x"}), "passwords.txt x");
}

TEST(ShownTitle, is_the_name_of_what_has_no_arguments) {
  Process process;
  process.comm = "game";
  EXPECT_EQ(shown_title(process), "game");
}

}  // namespace
}  // namespace okg::process
