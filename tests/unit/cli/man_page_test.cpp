#include "cli/man_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace okg::cli {
namespace {

using testing::HasSubstr;

/// The program with a flag, and a command with a value and a flag.
class ManPageTest : public testing::Test {
 protected:
  ManPageTest() {
    table_ = {
        {"", "keeps a game up to date", "", {}, {{{"-v", "--version"}, "", "its version", {}}}},
        {"send",
         "sends an update",
         "",
         {{"VERSION", "what it is called", true}},
         {{{"--path"}, "PATH", "where it goes", {}}}}};
  }
  [[nodiscard]] std::string page() const { return man_page(table_); }
  CommandRow& send() { return table_[1]; }

  std::vector<CommandRow> table_;
};

TEST_F(ManPageTest, says_what_the_program_is) {
  EXPECT_THAT(page(), HasSubstr(".SH NAME\nokg\\-sidecar \\- keeps a game up to date\n"));
}

TEST_F(ManPageTest, has_a_line_of_synopsis_for_each_command) {
  EXPECT_THAT(page(), HasSubstr(".SH SYNOPSIS\n\\fBokg\\-sidecar [OPTIONS] [COMMAND]\\fR\n.br\n"
                                "\\fBokg\\-sidecar send [OPTIONS] VERSION\\fR\n.br\n"));
}

TEST_F(ManPageTest, has_flags_with_all_their_names) {
  EXPECT_THAT(page(),
              HasSubstr(".SH OPTIONS\n.TP\n\\fB\\-v\\fR, \\fB\\-\\-version\\fR\nits version\n"));
}

TEST_F(ManPageTest, has_each_command_with_its_values_before_its_flags) {
  EXPECT_THAT(page(), HasSubstr(".SS send\nsends an update.\n"
                                ".TP\n\\fIVERSION\\fR\nwhat it is called\n"
                                ".TP\n\\fB\\-\\-path\\fR \\fIPATH\\fR\nwhere it goes\n"));
}

TEST_F(ManPageTest, has_examples_line_by_line) {
  send().footer = "one\n  two";
  EXPECT_THAT(page(), HasSubstr(".PP\n.nf\none\n  two\n.fi\n"));
}

TEST_F(ManPageTest, has_no_empty_examples) { EXPECT_THAT(page(), Not(HasSubstr(".nf"))); }

TEST_F(ManPageTest, takes_no_help_for_a_request_of_roff) {
  send().footer = ".so /etc/passwd\n'so it is\nv1.2";
  EXPECT_THAT(page(), HasSubstr("\n\\&.so /etc/passwd\n\\&'so it is\nv1.2\n"));
}

TEST_F(ManPageTest, takes_no_backslash_for_an_escape) {
  send().footer = "a\\nb";
  EXPECT_THAT(page(), HasSubstr("\na\\enb\n"));
}

}  // namespace
}  // namespace okg::cli
