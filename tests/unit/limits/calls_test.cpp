#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "../kube/scripted_server.hpp"
#include "../kube/service_account_dir.hpp"
#include "auth/kubernetes_users.hpp"
#include "auth/password_users.hpp"
#include "auth/token_files.hpp"
#include "limits/documented.hpp"
#include "limits/file.hpp"

namespace okg::limits {
namespace {

using auth::Credential;

Credential bearer(const std::string& token) {
  Credential credential;
  credential.kind = Credential::Kind::kBearer;
  credential.secret = token;
  return credential;
}

Credential basic() {
  Credential credential;
  credential.kind = Credential::Kind::kBasic;
  credential.user = "nobody";
  credential.secret = "password";
  return credential;
}

TEST(Calls, take_a_token_as_long_as_documented) {
  const auto admits = [](const std::string& text) {
    const File file(text);
    auth::TokenFiles tokens({file.path()}, {});
    bool is_known = false;
    tokens.identify(bearer("token"), {}, http::Access::kRead,
                    [&](const auto& answer) { is_known = answer && answer->has_value(); });
    return is_known;
  };
  const auto most = documented("a token of a file");
  EXPECT_TRUE(admits(filled("token", most)));
  EXPECT_FALSE(admits(filled("token", most + 1)));
}

/// One is being asked about, and its answer held back: so many more wait, and no other.
void expect_waiting(auth::Authenticator& users, const Credential& credential, std::uint64_t most) {
  std::promise<void> begun;
  std::promise<void> may_end;
  users.identify(credential, {}, http::Access::kRead, [&](const auto&) {
    begun.set_value();
    may_end.get_future().wait();
  });
  begun.get_future().wait();
  std::atomic<std::uint64_t> answered = 0;
  for (std::uint64_t i = 0; i < most; ++i)
    users.identify(credential, {}, http::Access::kRead, [&](const auto&) { ++answered; });
  EXPECT_EQ(answered, 0U);
  ErrorCode code{};
  users.identify(credential, {}, http::Access::kRead,
                 [&](const auto& answer) { code = answer.error().code; });
  EXPECT_EQ(code, ErrorCode::kUnavailable);
  std::jthread stopping([&] { users.stop(); });
  may_end.set_value();
  stopping.join();
  EXPECT_EQ(answered, most);
}

TEST(Calls, wait_for_the_api_server_as_many_as_documented) {
  const kube::ServiceAccountDir dir{"first"};
  kube::ScriptedServer server({{"403 Forbidden", "", ""}});
  kube::ApiFigures figures;
  auth::KubernetesUsers users({}, {"games", "game-0"},
                              *kube::Credentials::for_server(server.url(), dir.path()), figures);
  expect_waiting(users, bearer("token"),
                 documented("callers who wait while the API server is asked about another one"));
}

TEST(Calls, wait_for_a_password_as_many_as_documented) {
  const File file("basic_auth_users: {}\n");
  auth::PasswordUsers users(file.path(), {});
  expect_waiting(users, basic(),
                 documented("callers who wait while the password of another one is checked"));
}

TEST(Calls, are_remembered_as_many_as_documented) {
  EXPECT_EQ(auth::KubernetesUsers::kMaxRemembered,
            documented("callers of whom that is remembered"));
  EXPECT_EQ(auth::PasswordUsers::kMaxKnown, documented("right passwords that are remembered"));
}

}  // namespace
}  // namespace okg::limits
