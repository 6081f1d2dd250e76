#include "cli/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace okg::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// The program with one flag, and two commands: "send" has a flag
/// with choices, one with a file, and one with any text; "stop" has none.
std::vector<CommandRow> table() {
  const Flag version{{"-v", "--version"}, "", "print the version", {}};
  const Flag format{{"-f", "--format"}, "file|archive", "what the URL has", {"file", "archive"}};
  const Flag key{{"--key"}, "FILE", "a key", {}};
  const Flag path{{"--path"}, "PATH", "where it goes", {}};
  return {{"", "the program", "", {}, {version}},
          {"send", "send an update", "", {}, {format, key, path}},
          {"stop", "stop it", "", {}, {}}};
}

std::vector<CommandRow> with_help(const std::string& help) {
  auto rows = table();
  rows[1].flags[1].help = help;
  rows[2].help = help;
  return rows;
}

std::string bash() { return completion_script(table(), Shell::kBash); }
std::string zsh() { return completion_script(table(), Shell::kZsh); }
std::string fish() { return completion_script(table(), Shell::kFish); }

TEST(BashCompletion, is_that_of_the_program) {
  EXPECT_THAT(bash(), HasSubstr("complete -F _okg_sidecar okg-sidecar\n"));
}

TEST(BashCompletion, has_commands_and_flags_of_the_program_at_first) {
  EXPECT_THAT(bash(), HasSubstr("      '') words='send stop -v --version' ;;\n"));
}

TEST(BashCompletion, knows_a_command_by_its_name) {
  EXPECT_THAT(bash(), HasSubstr("case \" send stop \" in"));
}

TEST(BashCompletion, has_the_flags_of_a_command_behind_it) {
  EXPECT_THAT(bash(), AllOf(HasSubstr("'send') words='-f --format --key --path' ;;\n"),
                            HasSubstr("'stop') words='' ;;\n")));
}

TEST(BashCompletion, has_the_choices_behind_each_name_of_a_flag) {
  EXPECT_THAT(bash(), AllOf(HasSubstr("'send -f') words='file archive' ;;\n"),
                            HasSubstr("'send --format') words='file archive' ;;\n")));
}

TEST(BashCompletion, has_files_behind_a_flag_that_takes_one) {
  EXPECT_THAT(bash(), HasSubstr("'send --key') compopt -o default; return ;;\n"));
}

TEST(BashCompletion, has_nothing_behind_a_flag_that_takes_any_text) {
  EXPECT_THAT(bash(), HasSubstr("'send --path') words='' ;;\n"));
}

TEST(BashCompletion, goes_on_behind_a_flag_that_takes_nothing) {
  EXPECT_THAT(bash(), Not(HasSubstr("' --version') words")));
}

TEST(ZshCompletion, is_that_of_the_program) {
  EXPECT_TRUE(zsh().starts_with("#compdef okg-sidecar\n"));
}

TEST(ZshCompletion, has_commands_with_their_help) {
  EXPECT_THAT(zsh(), AllOf(HasSubstr("'send:send an update'"), HasSubstr("'stop:stop it'")));
}

TEST(ZshCompletion, has_flags_with_their_help) {
  EXPECT_THAT(zsh(), AllOf(HasSubstr("'-v[print the version]'"),
                           HasSubstr("'--version[print the version]'")));
}

TEST(ZshCompletion, has_what_a_flag_takes) {
  EXPECT_THAT(zsh(), HasSubstr("'--format[what the URL has]:file|archive:(file archive)'"));
  EXPECT_THAT(zsh(), HasSubstr("'--key[a key]:file:_files'"));
  EXPECT_THAT(zsh(), HasSubstr("'--path[where it goes]:PATH:()'"));
}

TEST(ZshCompletion, escapes_what_would_end_a_help) {
  const auto script = completion_script(with_help("a:b [c] \\d"), Shell::kZsh);
  EXPECT_THAT(script, HasSubstr("'--key[a\\:b \\[c\\] \\\\d]:file:_files'"));
  EXPECT_THAT(script, HasSubstr("'stop:a\\:b \\[c\\] \\\\d'"));
}

TEST(FishCompletion, has_commands_with_their_help_while_there_is_none) {
  EXPECT_THAT(fish(), HasSubstr("complete -c okg-sidecar -n __fish_use_subcommand -a send -d "
                                "'send an update'\n"));
}

TEST(FishCompletion, has_flags_of_the_program_while_there_is_no_command) {
  EXPECT_THAT(fish(),
              HasSubstr("complete -c okg-sidecar -n '__fish_use_subcommand' -s v -l version "
                        "-d 'print the version'\n"));
}

TEST(FishCompletion, has_the_flags_of_a_command_behind_it) {
  constexpr auto kBehindSend = "complete -c okg-sidecar -n '__fish_seen_subcommand_from send'";
  EXPECT_THAT(fish(), HasSubstr(std::string(kBehindSend) +
                                " -s f -l format -x -a 'file archive' -d 'what the URL has'\n"));
  EXPECT_THAT(fish(), HasSubstr(std::string(kBehindSend) + " -l key -r -F -d 'a key'\n"));
  EXPECT_THAT(fish(), HasSubstr(std::string(kBehindSend) + " -l path -x -d 'where it goes'\n"));
}

TEST(Completion, ends_no_quotes_with_a_help_that_has_one) {
  for (const auto shell : {Shell::kZsh, Shell::kFish})
    EXPECT_THAT(completion_script(with_help("the pod's"), shell),
                AllOf(HasSubstr("the pod’s"), Not(HasSubstr("pod's"))));
}

}  // namespace
}  // namespace okg::cli
