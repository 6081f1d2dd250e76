#include "sidecar/callers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "kube/service_account_dir.hpp"
#include "temporary_folder.hpp"

namespace okg::sidecar {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A request to the pod, as the gate of the configuration answers it.
class OpenGateTest : public testing::Test {
 protected:
  OpenGateTest() {
    head_.method = "POST";
    head_.path = "/hot-update";
    head_.authority.host = "lobby";
    head_.peer.address = "10.0.0.1";
  }
  [[nodiscard]] std::filesystem::path token_file(const std::string& name) const {
    return folder_.write(name, "of-" + name);
  }
  void send_token(const std::string& token) {
    head_.headers = {{"Authorization", "Bearer " + token}};
  }
  [[nodiscard]] std::shared_ptr<auth::Gate> open() const {
    return open_gate(loaded_, host_).value();
  }
  http::Admission admit(http::Access access = http::Access::kUpdate) {
    if (!gate_) gate_ = open();
    std::optional<http::Admission> admission;
    gate_->admit(head_, access, [&](http::Admission decided) { admission = std::move(decided); });
    return *std::move(admission);
  }
  int status_of(const http::Admission& admission) {
    const auto* refusal = std::get_if<http::ServerResponse>(&admission);
    return refusal == nullptr ? 200 : refusal->status;
  }
  int status() { return status_of(admit()); }

  tests::TemporaryFolder folder_;
  Loaded loaded_;
  kube::ApiFigures api_;
  metrics::Page page_;
  Host host_{"lobby", "games", "/none", false, [] { return Warnings(); }, api_, page_};
  http::ServerRequest head_;
  std::shared_ptr<auth::Gate> gate_;
};

TEST_F(OpenGateTest, lets_everybody_in_where_nothing_says_who_may_call) {
  EXPECT_EQ(status(), 200);
}

TEST_F(OpenGateTest, knows_callers_by_token_files) {
  loaded_.auth.token_files = {token_file("deploy")};
  EXPECT_EQ(status(), 401);
  send_token("of-deploy");
  EXPECT_EQ(std::get<http::Caller>(admit()).name, "token:deploy");
}

TEST_F(OpenGateTest, lets_readers_read_alone) {
  loaded_.auth.token_files = {token_file("grafana")};
  loaded_.auth.readers = {"token:grafana"};
  send_token("of-grafana");
  EXPECT_EQ(status_of(admit(http::Access::kRead)), 200);
  EXPECT_EQ(status(), 403);
}

TEST_F(OpenGateTest, knows_callers_by_certificates) {
  loaded_.auth.certificates = auth::CertificateSettings{"/ca.pem", {"deployer"}};
  EXPECT_EQ(status(), 401);
  head_.peer.certificate_names = {"deployer"};
  EXPECT_EQ(std::get<http::Caller>(admit()).name, "certificate:deployer");
}

TEST_F(OpenGateTest, lets_readers_with_certificates_read_alone) {
  loaded_.auth.certificates = auth::CertificateSettings{"/ca.pem", {"*"}};
  loaded_.auth.readers = {"certificate:grafana"};
  head_.peer.certificate_names = {"grafana"};
  EXPECT_EQ(status(), 403);
}

TEST_F(OpenGateTest, asks_for_passwords_where_there_is_a_file_of_users) {
  loaded_.auth.users_file = folder_.write("web.yml", "basic_auth_users: {}\n");
  const auto refusal = std::get<http::ServerResponse>(admit());
  EXPECT_EQ(refusal.status, 401);
  EXPECT_THAT(refusal.headers, testing::Contains(testing::Field(&http::Header::value,
                                                                testing::StartsWith("Basic"))));
}

TEST_F(OpenGateTest, is_reached_by_the_pods_name_also_with_a_dot_in_it) {
  host_.pod_name = "lobby.eu";
  head_.authority.host = "lobby.eu";
  EXPECT_EQ(status(), 200);
}

TEST_F(OpenGateTest, is_not_reached_by_the_name_of_another) {
  head_.authority.host = "other.example.com";
  EXPECT_EQ(status(), 421);
}

TEST_F(OpenGateTest, is_reached_by_the_names_that_are_allowed) {
  loaded_.allowed_hosts.value = {"other.example.com"};
  head_.authority.host = "other.example.com";
  EXPECT_EQ(status(), 200);
}

TEST_F(OpenGateTest, hears_no_more_of_a_peer_that_fails_too_often) {
  loaded_.auth.token_files = {token_file("deploy")};
  loaded_.max_failures_per_peer.value = 1;
  send_token("wrong");
  EXPECT_EQ(status(), 401);
  EXPECT_EQ(status(), 429);
}

TEST_F(OpenGateTest, asks_no_api_server_without_a_service_account) {
  loaded_.auth.kubernetes.emplace();
  const auto gate = open_gate(loaded_, host_);
  ASSERT_FALSE(gate);
  EXPECT_EQ(gate.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(gate.error().message, StartsWith("auth.kubernetes: "));
}

TEST_F(OpenGateTest, asks_the_api_server_with_the_service_account) {
  const kube::ServiceAccountDir account("token");
  const kube::InCluster cluster;
  host_.service_account_dir = account.path();
  loaded_.auth.kubernetes.emplace();
  EXPECT_EQ(status(), 401) << "nobody is asked about who shows no token";
  gate_->stop();
}

TEST(warnings_of, tell_that_everybody_may_update_where_nobody_has_said_so) {
  const auto warnings = warnings_of(auth::Mode::kMissing);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].reason, to_string(Reason::kAuthNotConfigured));
}

TEST(warnings_of, are_none_where_it_is_said_who_may_call) {
  EXPECT_EQ(warnings_of(auth::Mode::kNone), Warnings());
  EXPECT_EQ(warnings_of(auth::Mode::kRequired), Warnings());
}

TEST(show, counts_one_for_the_mode) {
  const auto page_of = [](auth::Mode mode) {
    metrics::Page page;
    show(mode, page.registry());
    return page.text();
  };
  EXPECT_THAT(page_of(auth::Mode::kMissing), HasSubstr("okg_sidecar_auth{mode=\"missing\"} 1\n"));
  EXPECT_THAT(page_of(auth::Mode::kNone), HasSubstr("okg_sidecar_auth{mode=\"none\"} 1\n"));
  EXPECT_THAT(page_of(auth::Mode::kRequired), HasSubstr("okg_sidecar_auth{mode=\"required\"} 1\n"));
}

}  // namespace
}  // namespace okg::sidecar
