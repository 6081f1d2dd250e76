#include "cli/command_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace okg::cli {
namespace {

using testing::ElementsAre;

class CommandTable : public testing::Test {
 protected:
  CommandTable() {
    app_.set_help_flag("-h,--help", "Help");
    auto& send = *app_.add_subcommand("send", "Send it");
    send.set_help_flag();
    send.footer("Examples");
    send.add_option("WHAT", text_, "What to send")->required();
    send.add_option("WHERE", text_, "Where to");
    send.add_option("-o,--output", text_, "How")->type_name("text|json");
    send.add_option("--kind", text_, "Which")->check(CLI::IsMember({"a", "b"}));
    send.add_option("--file", text_, "A file")->type_name("FILE");
    send.add_flag("--force");
    app_.add_subcommand("own", "Of our scripts")->group("");
  }
  [[nodiscard]] CommandRow send() const { return table_of(app_).at(1); }

  std::string text_;
  CLI::App app_{"Does it.", "okg-sidecar"};
};

TEST_F(CommandTable, has_the_program_and_then_its_commands_but_those_of_our_scripts) {
  const auto table = table_of(app_);
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table[0].name, "");
  EXPECT_EQ(table[0].help, "Does it.");
  EXPECT_EQ(table[1].name, "send");
  EXPECT_EQ(table[1].footer, "Examples");
}

TEST_F(CommandTable, knows_positionals_in_their_order) {
  const auto positionals = send().positionals;
  ASSERT_EQ(positionals.size(), 2U);
  EXPECT_EQ(positionals[0].name, "WHAT");
  EXPECT_TRUE(positionals[0].is_required);
  EXPECT_FALSE(positionals[1].is_required);
}

TEST_F(CommandTable, knows_flags_with_their_values_and_choices) {
  const auto flags = send().flags;
  ASSERT_EQ(flags.size(), 4U);
  EXPECT_THAT(flags[0].names, ElementsAre("-o", "--output"));
  EXPECT_THAT(flags[0].choices, ElementsAre("text", "json"));
  EXPECT_EQ(flags[1].value, "a|b");
  EXPECT_THAT(flags[1].choices, ElementsAre("a", "b"));
  EXPECT_TRUE(flags[2].is_file());
  EXPECT_EQ(flags[3].value, "");
}

TEST_F(CommandTable, writes_a_synopsis) {
  EXPECT_EQ(synopsis_of(table_of(app_).at(0)), "okg-sidecar [OPTIONS] [COMMAND]");
  EXPECT_EQ(synopsis_of(send()), "okg-sidecar send [OPTIONS] WHAT [WHERE]");
}

}  // namespace
}  // namespace okg::cli
