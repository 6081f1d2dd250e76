#include "cli/usage.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace okg::cli {
namespace {

/// What is said of a command line.
std::string words_of(const std::string& line) {
  CLI::App app("", "okg-sidecar");
  app.set_help_flag();
  auto& send = *app.add_subcommand("send", "");
  send.set_help_flag();
  send.add_flag("--path");
  app.add_subcommand("stop", "");
  try {
    app.parse(line);
  } catch (const CLI::ExtrasError&) {
    return words_of_unknown(app);
  }
  return "none";
}

TEST(WordsOfUnknown, name_a_flag_and_which_there_are) {
  EXPECT_EQ(words_of("send --pth"),
            "okg-sidecar send: unknown flag --pth; did you mean --path?\n"
            "There are: --path\n"
            "See okg-sidecar send --help.\n");
}

TEST(WordsOfUnknown, name_no_value_of_a_flag) {
  EXPECT_EQ(words_of("send --token=hunter2").find("hunter2"), std::string::npos);
}

TEST(WordsOfUnknown, name_a_command_and_which_there_are) {
  EXPECT_EQ(words_of("sned"),
            "okg-sidecar: unknown command sned; did you mean send?\n"
            "The commands are: send stop\n"
            "See okg-sidecar --help.\n");
}

TEST(WordsOfUnknown, name_an_argument_that_nothing_takes) {
  EXPECT_EQ(words_of("send x"),
            "okg-sidecar send: unknown argument x\n"
            "See okg-sidecar send --help.\n");
}

}  // namespace
}  // namespace okg::cli
