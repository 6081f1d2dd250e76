#include "process/script.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace okg::process {
namespace {

std::string script_of(const std::string& line) {
  Process process;
  std::istringstream words(line);
  for (std::string word; words >> word;) process.arguments.push_back(word);
  const auto& argv0 = process.arguments.at(0);
  process.argv0_base = argv0.substr(argv0.rfind('/') + 1);
  return std::string(process::script_of(process));
}

TEST(ScriptOf, is_the_first_argument_that_is_no_option) {
  EXPECT_EQ(script_of("/usr/bin/python3.11 -X dev -u /app/server.py --port 1"), "/app/server.py");
  EXPECT_EQ(script_of("node --inspect server.js"), "server.js");
  EXPECT_EQ(script_of("bash +x run.sh -c x"), "run.sh");
}

TEST(ScriptOf, is_a_module_or_jar) {
  EXPECT_EQ(script_of("python3 -m http.server 8000"), "http.server");
  EXPECT_EQ(script_of("java -Xmx1g -cp lib -jar game.jar"), "game.jar");
}

TEST(ScriptOf, is_a_class) {
  EXPECT_EQ(script_of("java -cp a:b com.example.Game x"), "com.example.Game");
}

TEST(ScriptOf, is_passed_over_with_the_value_of_an_option) {
  EXPECT_EQ(script_of("node -r ./hook.js server.js"), "server.js");
  EXPECT_EQ(script_of("ruby -I lib game.rb"), "game.rb");
}

TEST(ScriptOf, is_nothing_of_a_program_s_text) {
  for (const auto* line :
       {"python3 -c x /app/server.py", "node -e x server.js", "sh -c ./game", "php -r x game.php"})
    EXPECT_EQ(script_of(line), "") << line;
}

TEST(ScriptOf, is_nothing_of_what_is_no_interpreter) {
  for (const auto* line : {"/app/game server.py", "pythonic server.py", "3.11 server.py"})
    EXPECT_EQ(script_of(line), "") << line;
}

TEST(ScriptOf, is_nothing_where_none_is_given) {
  for (const auto* line : {"python3", "python3 -i", "java -jar", "node -r ./hook.js"})
    EXPECT_EQ(script_of(line), "") << line;
}

TEST(ScriptOf, knows_versions_in_names) {
  EXPECT_EQ(script_of("lua5.4 game.lua"), "game.lua");
  EXPECT_EQ(script_of("pypy3 game.py"), "game.py");
}

}  // namespace
}  // namespace okg::process
