#include "client/commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "client/options.hpp"

namespace okg::client {
namespace {

using testing::HasSubstr;

/// What a command line asks for.
class ClientCommands : public testing::Test {
 protected:
  ClientCommands() { add_commands(app_, options_); }
  const Options& parse(const std::string& line) {
    app_.parse(line);
    return options_;
  }
  /// What is wrong with a command line, in words.
  std::string flaw_of(const std::string& line) {
    try {
      app_.parse(line);
    } catch (const CLI::ParseError& error) {
      return error.what();
    }
    return "";
  }

  CLI::App app_{"", "okg-sidecar"};
  Options options_;
};

TEST_F(ClientCommands, are_none_without_one) { EXPECT_EQ(parse("").command, Command::kNone); }

TEST_F(ClientCommands, update_takes_version_and_url) {
  const auto& options = parse("update v2 https://h/a?b=c");
  EXPECT_EQ(options.command, Command::kUpdate);
  EXPECT_EQ(options.fields, (api::Fields{{"url", "https://h/a?b=c"}, {"version", "v2"}}));
  EXPECT_TRUE(options.wait);
  EXPECT_EQ(options.output, Output::kText);
}

TEST_F(ClientCommands, update_needs_both) {
  EXPECT_THAT(flaw_of("update v2"), HasSubstr("URL is required"));
}

TEST_F(ClientCommands, update_makes_fields_of_flags) {
  const auto& options = parse(
      "update v2 u --path p --sha256 s --format archive --mode overlay --strip-components 1 "
      "--include i --exclude e --name-encoding gbk --scope pod --until image --force");
  EXPECT_EQ(options.fields, (api::Fields{{"exclude", "e"},
                                         {"force", "true"},
                                         {"format", "archive"},
                                         {"include", "i"},
                                         {"mode", "overlay"},
                                         {"nameEncoding", "gbk"},
                                         {"path", "p"},
                                         {"scope", "pod"},
                                         {"sha256", "s"},
                                         {"stripComponents", "1"},
                                         {"until", "image"},
                                         {"url", "u"},
                                         {"version", "v2"}}));
}

TEST_F(ClientCommands, update_is_told_how_to_follow) {
  const auto& options =
      parse("update v2 u --no-wait --timeout 60 --idempotency-key k --signature f -o json");
  EXPECT_FALSE(options.wait);
  EXPECT_EQ(options.timeout, std::chrono::seconds(60));
  EXPECT_EQ(options.idempotency_key, "k");
  EXPECT_EQ(options.signature_file, "f");
  EXPECT_EQ(options.output, Output::kJson);
}

TEST_F(ClientCommands, rollback_needs_nothing) {
  const auto& options = parse("rollback");
  EXPECT_EQ(options.command, Command::kRollback);
  EXPECT_EQ(options.fields, api::Fields());
}

TEST_F(ClientCommands, rollback_takes_a_version) {
  EXPECT_EQ(parse("rollback v7 --path p --scope pod").fields,
            (api::Fields{{"path", "p"}, {"scope", "pod"}, {"version", "v7"}}));
}

TEST_F(ClientCommands, status_and_wait_need_no_id) {
  EXPECT_EQ(parse("status").command, Command::kStatus);
  EXPECT_EQ(parse("wait").command, Command::kWait);
  EXPECT_EQ(options_.id, "");
}

TEST_F(ClientCommands, cancel_needs_an_id) {
  EXPECT_THAT(flaw_of("cancel"), HasSubstr("ID is required"));
  EXPECT_EQ(parse("cancel 20261125-154012-9f3ac01b").id, "20261125-154012-9f3ac01b");
}

TEST_F(ClientCommands, take_no_id_that_an_address_would_not_keep) {
  for (const auto* command : {"status", "wait", "cancel"})
    for (const auto* id : {"'a b'", "a#b", "a?b", "a/b", "..", "a%20"})
      EXPECT_THAT(flaw_of(std::string(command) + " " + id), HasSubstr("is no id of an update"))
          << command << id;
}

TEST_F(ClientCommands, know_whom_to_ask) {
  const auto& asked = parse(
      "processes --server http://h --token-file t --ca-file a --cert-file c --key-file k -o table");
  EXPECT_EQ(asked.command, Command::kProcesses);
  EXPECT_EQ(asked.connection.server, "http://h");
  EXPECT_EQ(asked.connection.token_file, "t");
  EXPECT_EQ(asked.connection.ca_file, "a");
  EXPECT_EQ(asked.connection.cert_file, "c");
  EXPECT_EQ(asked.connection.key_file, "k");
}

TEST_F(ClientCommands, print_text_or_json_alone) {
  EXPECT_THAT(flaw_of("status -o yaml"), HasSubstr("'yaml' is neither text nor json"));
  EXPECT_THAT(flaw_of("processes -o text"), HasSubstr("'text' is neither table nor json"));
}

}  // namespace
}  // namespace okg::client
