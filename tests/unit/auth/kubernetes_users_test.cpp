#include "auth/kubernetes_users.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "../kube/scripted_server.hpp"
#include "../kube/service_account_dir.hpp"

namespace okg::auth {
namespace {

using http::Access;
using kube::ScriptedServer;
using testing::HasSubstr;

ScriptedServer::Answer answer_of(const std::string& body,
                                 const std::string& status = "201 Created") {
  return {status, "", body};
}

ScriptedServer::Answer known() {
  return answer_of(R"({"kind":"TokenReview","status":{"authenticated":true,)"
                   R"("audiences":["okg-sidecar"],"user":{"username":"ops"}}})");
}

ScriptedServer::Answer unknown() {
  return answer_of(R"({"kind":"TokenReview","status":{"authenticated":false}})");
}

ScriptedServer::Answer allowed(const std::string& whether) {
  return answer_of(R"({"kind":"SubjectAccessReview","status":{"allowed":)" + whether + "}}");
}

/// An API server that answers so, and those who ask it.
class KubernetesUsersTest : public testing::Test {
 protected:
  void script(std::vector<ScriptedServer::Answer> answers) {
    server_ = std::make_unique<ScriptedServer>(std::move(answers));
    users_ = std::make_unique<KubernetesUsers>(
        settings_, PodName{"games", "game-0"},
        kube::Credentials::for_server(server_->url(), account_.path()).value(), figures_);
  }
  Result<std::optional<Identity>> identify(const Credential& credential,
                                           Access access = Access::kUpdate) {
    std::promise<Result<std::optional<Identity>>> promise;
    users_->identify(credential, {}, access,
                     [&](auto identity) { promise.set_value(std::move(identity)); });
    return promise.get_future().get();
  }
  Result<std::optional<Identity>> of_token(const std::string& token,
                                           Access access = Access::kUpdate) {
    return identify({Credential::Kind::kBearer, "", token}, access);
  }

  KubernetesSettings settings_;
  kube::ServiceAccountDir account_{"own"};
  kube::ApiFigures figures_;
  std::unique_ptr<ScriptedServer> server_;
  std::unique_ptr<KubernetesUsers> users_;
};

TEST_F(KubernetesUsersTest, have_the_name_and_the_right_that_the_api_server_says) {
  script({known(), allowed("true")});
  const auto identity = of_token("t").value();
  EXPECT_EQ(identity->name, "ops");
  EXPECT_TRUE(identity->has_right);
}

TEST_F(KubernetesUsersTest, have_no_right_that_it_denies) {
  script({known(), allowed("false")});
  EXPECT_FALSE(of_token("t").value()->has_right);
}

TEST_F(KubernetesUsersTest, are_nobody_whom_it_does_not_know) {
  script({unknown()});
  EXPECT_EQ(of_token("t").value(), std::nullopt);
}

TEST_F(KubernetesUsersTest, are_asked_for_by_token_and_audience) {
  script({unknown()});
  (void)of_token("t-1");
  EXPECT_THAT(server_->requests().at(0), HasSubstr(R"("audiences":["okg-sidecar"],"token":"t-1")"));
}

TEST_F(KubernetesUsersTest, need_create_to_update_and_get_to_read) {
  script({known(), allowed("true"), known(), allowed("true")});
  (void)of_token("t");
  (void)of_token("t", Access::kRead);
  const auto requests = server_->requests();
  EXPECT_THAT(requests.at(1), HasSubstr(R"("verb":"create")"));
  EXPECT_THAT(requests.at(3), HasSubstr(R"("verb":"get")"));
  EXPECT_THAT(requests.at(3), HasSubstr(R"("name":"game-0")"));
}

TEST_F(KubernetesUsersTest, are_remembered_for_a_while_also_when_they_are_nobody) {
  script({known(), allowed("true"), unknown()});
  for (int i = 0; i < 2; ++i) EXPECT_EQ(of_token("t").value()->name, "ops");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(of_token("u").value(), std::nullopt);
  EXPECT_EQ(server_->requests().size(), 3U);
}

TEST_F(KubernetesUsersTest, are_asked_for_again_after_that) {
  settings_.cache_time = std::chrono::milliseconds(0);
  script({known(), allowed("true"), unknown()});
  EXPECT_TRUE(of_token("t").value());
  EXPECT_FALSE(of_token("t").value());
}

TEST_F(KubernetesUsersTest, are_not_found_out_where_the_sidecar_may_not_ask) {
  script({answer_of(R"({"kind":"Status","status":"Failure","message":"no","reason":"Forbidden"})",
                    "403 Forbidden"),
          unknown()});
  const auto error = of_token("t").error();
  EXPECT_EQ(error.reason, Reason::kApiForbidden);
  EXPECT_THAT(error.message, HasSubstr("system:auth-delegator"));
  EXPECT_TRUE(of_token("t")) << "an error counts for nobody";
}

TEST_F(KubernetesUsersTest, show_a_token) {
  script({});
  EXPECT_EQ(identify({Credential::Kind::kBasic, "ops", "t"}).value(), std::nullopt);
  EXPECT_EQ(identify({}).value(), std::nullopt);
}

TEST_F(KubernetesUsersTest, are_refused_once_it_is_stopped) {
  script({});
  users_->stop();
  EXPECT_FALSE(of_token("t"));
}

}  // namespace
}  // namespace okg::auth
