#include <gtest/gtest.h>

#include "../kube/scripted_server.hpp"
#include "base/length_limits.hpp"
#include "client/calls.hpp"
#include "client/options.hpp"
#include "client/server.hpp"
#include "client/show.hpp"
#include "client/wait.hpp"
#include "limits/documented.hpp"
#include "limits/file.hpp"
#include "sidecar/health.hpp"

namespace okg::limits {
namespace {

TEST(Commands, take_a_token_as_long_as_documented) {
  const auto find = [](std::size_t bytes) {
    const File token(filled("token", bytes));
    client::Connection connection;
    connection.server = "http://10.0.0.7:5000";
    connection.token_file = token.path();
    return client::find_server(connection, {});
  };
  const auto most = documented("a file of --token-file");
  EXPECT_TRUE(find(most));
  EXPECT_EQ(find(most + 1).error().code, ErrorCode::kRefused);
}

/// What the first line of this answer is shown as.
std::string shown(const std::string& text) { return client::words_of({502, text, {}}); }

TEST(Commands, show_as_much_of_an_answer_as_documented) {
  const auto most = documented("first line of an answer that is no JSON");
  EXPECT_EQ(shown(std::string(most, 'x') + "\nmore"), "HTTP status 502: " + std::string(most, 'x'));
  EXPECT_EQ(shown(std::string(most + 1, 'x')), "HTTP status 502: " + std::string(most, 'x') + "…");
}

TEST(Commands, take_an_answer_as_long_as_documented) {
  const auto ask = [](std::size_t bytes) {
    const kube::ScriptedServer server({{"200 OK", "", std::string(bytes, 'x')}});
    client::Server at;
    at.url = server.url();
    at.request.use_proxy = false;
    return client::Calls(std::move(at), {}).send({"GET", "/"});
  };
  const auto most = documented("an answer");
  EXPECT_EQ(ask(most)->text.size(), most);
  EXPECT_EQ(client::exit_status_of(ask(most + 1).error()), client::kExitUnreachable);
}

std::uint64_t count(std::chrono::seconds time) { return static_cast<std::uint64_t>(time.count()); }

TEST(Commands, wait_as_long_as_documented) {
  EXPECT_EQ(count(client::Options().timeout), documented("waiting for the end of an update"));
  EXPECT_EQ(count(client::Wait::kPatience), documented("time without an answer while it waits"));
  EXPECT_EQ(count(client::Calls::kPatience),
            documented("time in which a call is repeated that the connection lost"));
  EXPECT_EQ(count(sidecar::kHealthTimeout), documented("time for an answer to health"));
}

TEST(Commands, read_and_show_as_much_as_documented) {
  EXPECT_EQ(kMaxSignatureBytes, documented("a file of --signature"));
  EXPECT_EQ(client::kMaxShownResults, documented("results that status shows"));
  EXPECT_EQ(sidecar::kMaxHealthBytes, documented("an answer to health"));
}

}  // namespace
}  // namespace okg::limits
