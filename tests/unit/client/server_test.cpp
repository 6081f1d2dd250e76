#include "client/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <memory>

#include "sidecar/plugin.hpp"
#include "temporary_folder.hpp"

namespace okg::client {
namespace {

using testing::HasSubstr;

class FindServer : public testing::Test {
 protected:
  FindServer() { forget_environment(); }
  ~FindServer() override { forget_environment(); }
  static void forget_environment() {
    for (const auto* name : {kServerVariable, kTokenFileVariable, kCaFileVariable,
                             kCertFileVariable, kKeyFileVariable})
      ::unsetenv(name);
  }
  [[nodiscard]] Result<Server> find() const { return find_server(connection_, {}); }
  [[nodiscard]] std::string url_of(const std::string& server) {
    connection_.server = server;
    return find()->url;
  }
  [[nodiscard]] Error error_of(const std::string& server) {
    connection_.server = server;
    return find().error();
  }
  [[nodiscard]] Result<Server> find_with_token(const std::string& token) {
    connection_.server = "http://h";
    connection_.token_file = folder_.write("token", token);
    return find();
  }

  tests::TemporaryFolder folder_;
  Connection connection_;
};

TEST_F(FindServer, takes_an_address_as_it_is) {
  EXPECT_EQ(url_of("https://h:8443"), "https://h:8443");
}

TEST_F(FindServer, takes_one_without_a_scheme_for_http) {
  EXPECT_EQ(url_of("10.0.0.7:5000"), "http://10.0.0.7:5000");
}

TEST_F(FindServer, takes_the_address_of_a_call_for_that_of_its_server) {
  for (const auto* server : {"http://h:5000/", "http://h:5000//", "http://h:5000/hot-update",
                             "http://h:5000/hot-update/"})
    EXPECT_EQ(url_of(server), "http://h:5000") << server;
}

TEST_F(FindServer, refuses_a_port_alone) {
  EXPECT_EQ(error_of(":5000").message,
            "--server :5000 is a port alone; give it with its address, like 127.0.0.1:5000");
  EXPECT_EQ(error_of("5000").code, ErrorCode::kInvalid);
}

TEST_F(FindServer, refuses_a_query) {
  EXPECT_THAT(error_of("http://h?a=b").message, HasSubstr("--server has a query"));
}

TEST_F(FindServer, refuses_what_is_no_url) {
  EXPECT_THAT(error_of("http://").message, testing::StartsWith("--server: "));
}

TEST_F(FindServer, asks_a_proxy_only_of_an_address_that_was_given) {
  connection_.server = "http://h";
  EXPECT_TRUE(find()->request.use_proxy);
  EXPECT_TRUE(find()->request.verify_name);
}

TEST_F(FindServer, shows_the_token_without_what_an_editor_left_behind_it) {
  const auto server = find_with_token("secret\r\n").value();
  ASSERT_EQ(server.request.headers.size(), 1U);
  EXPECT_EQ(server.request.headers[0].name, "Authorization");
  EXPECT_EQ(server.request.headers[0].value, "Bearer secret");
}

TEST_F(FindServer, refuses_a_token_that_no_header_can_have) {
  for (const auto* token : {"", "\n", "two words", "a\nb", "\xc3\xbc"})
    EXPECT_THAT(find_with_token(token).error().message, HasSubstr("is empty or has white space"));
}

TEST_F(FindServer, names_a_token_that_cannot_be_read) {
  connection_.server = "http://h";
  connection_.token_file = folder_.path() / "no";
  EXPECT_THAT(find().error().message, testing::StartsWith("the token: "));
}

TEST_F(FindServer, names_its_flags_for_what_is_wrong_with_files) {
  connection_.server = "https://h";
  connection_.ca_file = "a";
  connection_.cert_file = "c";
  connection_.key_file = "k";
  const auto request = find()->request;
  EXPECT_EQ(request.ca_file, "a");
  EXPECT_EQ(request.certificate_file, "c");
  EXPECT_EQ(request.key_file, "k");
  EXPECT_EQ(request.ca_setting, "--ca-file");
}

TEST_F(FindServer, says_that_neither_a_flag_nor_a_configuration_says_where) {
  connection_.config_file = folder_.path() / "config.yaml";
  const auto error = find().error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_THAT(error.message, HasSubstr("no --server is given"));
}

TEST_F(FindServer, takes_the_environment_for_flags_that_are_not_given) {
  ::setenv(kServerVariable, "http://of-the-environment", 1);
  ::setenv(kCaFileVariable, "a", 1);
  EXPECT_EQ(find()->url, "http://of-the-environment");
  EXPECT_EQ(find()->request.ca_file, "a");
  EXPECT_EQ(url_of("http://h"), "http://h");
}

/// The sidecar of a configuration.
class FindOwnServer : public FindServer {
 protected:
  class Named final : public sidecar::Plugin {
   public:
    std::string_view name() const override { return "named"; }
    std::string_view version() const override { return "7"; }
    Result<void> init(sidecar::Host&) override { return {}; }
    Result<void> start(std::function<void(Result<void>)>) override { return {}; }
    void stop(std::chrono::milliseconds) override {}
    sidecar::PluginStatus status() const override { return {true, ""}; }
  };
  [[nodiscard]] Result<Server> find_of(const std::string& config) {
    connection_.config_file =
        folder_.write("config.yaml", config + "plugins: [{name: named, bootOrder: 1}]\n");
    const sidecar::PluginKind kind{"named", [](const config::PluginEntry&, config::Mistakes&) {
                                     return std::make_unique<Named>();
                                   }};
    return find_server(connection_, {&kind, 1});
  }
};

TEST_F(FindOwnServer, is_asked_on_this_machine_without_a_proxy) {
  const auto server = find_of("listen: 127.0.0.1:5999\n").value();
  EXPECT_EQ(server.url, "http://127.0.0.1:5999");
  EXPECT_FALSE(server.request.use_proxy);
}

TEST_F(FindOwnServer, is_shown_a_token_that_may_update) {
  const auto reader = folder_.write("tokens/reader", "of-a-reader").string();
  const auto operators = folder_.write("tokens/operator", "of-an-operator").string();
  const auto server = find_of("listen: 127.0.0.1:5999\nauth: {tokenFiles: [" + reader + ", " +
                              operators + "], readers: ['token:reader']}\n");
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(server->request.headers.at(0).value, "Bearer of-an-operator");
}

}  // namespace
}  // namespace okg::client
