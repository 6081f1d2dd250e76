#include "process/match.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace okg::process {
namespace {

Process running(const std::string& line, const std::string& comm = "comm") {
  Process process;
  process.comm = comm;
  process.command_line = line;
  std::istringstream words(line);
  for (std::string word; words >> word;) process.arguments.push_back(word);
  if (process.arguments.empty()) return process;
  const auto& argv0 = process.arguments.front();
  process.argv0_base = argv0.substr(argv0.rfind('/') + 1);
  return process;
}

int rank_of(const std::string& line, std::string_view name) { return match(running(line), name); }

TEST(Match, is_best_of_the_whole_command_line) {
  EXPECT_EQ(rank_of("nginx: master process", "nginx: master process"), 1);
}

TEST(Match, is_second_of_the_program_s_name) {
  EXPECT_EQ(rank_of("/usr/sbin/nginx -g x", "nginx"), 2);
  EXPECT_EQ(match(running("other", "game"), "game"), 2);
}

TEST(Match, is_third_of_the_first_words) {
  EXPECT_EQ(rank_of("nginx: master process", "nginx: master"), 3);
}

TEST(Match, is_fourth_of_an_argument) {
  EXPECT_EQ(rank_of("python3 server.py", "server.py"), 4);
  EXPECT_EQ(rank_of("python3 /app/server.py", "server.py"), 4);
}

TEST(Match, is_fifth_of_a_word_s_beginning) { EXPECT_EQ(rank_of("nginx-debug -g", "nginx-d"), 5); }

TEST(Match, is_worst_of_any_part) { EXPECT_EQ(rank_of("my-game --x", "game"), 6); }

TEST(Match, is_none_of_what_is_not_there_and_of_no_name) {
  EXPECT_EQ(rank_of("nginx", "game"), 0);
  EXPECT_EQ(rank_of("nginx", ""), 0);
  EXPECT_EQ(rank_of("", "game"), 0);
}

TEST(Match, takes_no_option_and_no_url_for_what_runs) {
  EXPECT_EQ(rank_of("curl http://h/game", "game"), 6);
  EXPECT_EQ(rank_of("sh --run=/app/game", "game"), 6);
}

TEST(RunsAsScript, knows_what_an_interpreter_runs) {
  EXPECT_TRUE(runs_as_script(running("python3 /app/server.py game"), "server.py"));
  EXPECT_FALSE(runs_as_script(running("python3 /app/server.py game"), "game"));
  EXPECT_FALSE(runs_as_script(running("/app/game server.py"), "server.py"));
}

TEST(MeaningOf, is_a_phrase_for_each_rank) {
  EXPECT_EQ(meaning_of(1), "its command line is the name");
  EXPECT_EQ(meaning_of(6), "the name is only a part of its command line");
}

}  // namespace
}  // namespace okg::process
