#include "auth/gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace okg::auth {
namespace {

using http::Access;
using http::Admission;
using http::Caller;
using http::ServerResponse;
using testing::HasSubstr;

/// Knows one token, and who has it.
class OneUser final : public Authenticator {
 public:
  OneUser(std::string scheme, std::string token, Identity identity)
      : scheme_(std::move(scheme)), token_(std::move(token)), identity_(std::move(identity)) {}
  [[nodiscard]] std::string_view scheme() const override { return scheme_; }
  void identify(const Credential& credential, const http::Peer&, Access,
                const Identified& identified) override {
    if (credential.secret == "error")
      return identified(fail(ErrorCode::kUnavailable, Reason::kApiUnreachable, "away"));
    if (credential.secret != token_) return identified(std::nullopt);
    identified(identity_);
  }

 private:
  std::string scheme_;
  std::string token_;
  Identity identity_;
};

class GateTest : public testing::Test {
 protected:
  GateTest() {
    authenticators_.push_back(
        std::make_unique<OneUser>("Bearer", "one", Identity{"token:one", true}));
    authenticators_.push_back(
        std::make_unique<OneUser>("Basic", "two", Identity{"user:two", false}));
  }
  /// `token`: empty for no header.
  Admission admit(const std::string& token, Access access = Access::kUpdate) {
    if (!gate_)
      gate_ = std::make_shared<Gate>(HostNames({"pod"}, {}),
                                     Setting<std::size_t>{2, "auth.maxFailures"},
                                     std::move(authenticators_));
    auto head = head_;
    if (!token.empty()) head.headers.push_back({"Authorization", "Bearer " + token});
    std::optional<Admission> admission;
    gate_->admit(head, access, [&](Admission decided) { admission = std::move(decided); });
    return *std::move(admission);
  }
  ServerResponse refusal_of(const std::string& token, Access access = Access::kUpdate) {
    return std::get<ServerResponse>(admit(token, access));
  }
  Caller caller_of(const std::string& token, Access access = Access::kUpdate) {
    return std::get<Caller>(admit(token, access));
  }
  static http::ServerRequest head_of_pod() {
    http::ServerRequest head;
    head.method = "POST";
    head.path = "/hot-update";
    head.authority.host = "pod";
    head.peer.address = "10.0.0.1";
    return head;
  }

  http::ServerRequest head_ = head_of_pod();
  std::vector<std::unique_ptr<Authenticator>> authenticators_;
  std::shared_ptr<Gate> gate_;
};

TEST_F(GateTest, admits_who_is_known_and_may) {
  EXPECT_EQ(caller_of("one").name, "token:one");
  EXPECT_TRUE(caller_of("one").may_read);
}

TEST_F(GateTest, admits_everybody_without_authenticators) {
  authenticators_.clear();
  EXPECT_EQ(caller_of("").name, "");
  EXPECT_TRUE(caller_of("").may_read);
}

TEST_F(GateTest, asks_one_after_the_other) {
  const auto refused = refusal_of("two");
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(std::string(refused.body.view()), HasSubstr("user:two may not update here"));
}

TEST_F(GateTest, asks_who_calls) {
  const auto refused = refusal_of("");
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(std::string(refused.body.view()), HasSubstr("say who calls"));
  EXPECT_EQ(*http::find_header(refused.headers, "WWW-Authenticate"),
            R"(Bearer realm="okg-sidecar", Basic realm="okg-sidecar")");
}

TEST_F(GateTest, says_that_credentials_are_wrong) {
  EXPECT_THAT(std::string(refusal_of("three").body.view()), HasSubstr("are not known here"));
}

TEST_F(GateTest, looks_at_no_more_credentials_once_too_many_were_wrong) {
  EXPECT_EQ(refusal_of("three").status, 401);
  EXPECT_EQ(refusal_of("three").status, 401);
  const auto refused = refusal_of("one");
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(std::string(refused.body.view()), HasSubstr("(auth.maxFailures)"));
  EXPECT_NE(http::find_header(refused.headers, "Retry-After"), nullptr);
}

TEST_F(GateTest, counts_only_what_was_wrong) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(refusal_of("").status, 401);
    EXPECT_EQ(caller_of("one").name, "token:one");
    EXPECT_EQ(refusal_of("two").status, 403);
  }
}

TEST_F(GateTest, counts_each_peer_by_itself) {
  for (int i = 0; i < 3; ++i) (void)refusal_of("three");
  head_.peer.address = "10.0.0.2";
  EXPECT_EQ(caller_of("one").name, "token:one");
}

TEST_F(GateTest, admits_nobody_who_could_not_be_found_out_and_does_not_count_it) {
  for (int i = 0; i < 5; ++i) {
    const auto refused = refusal_of("error");
    EXPECT_EQ(refused.status, 503);
    EXPECT_THAT(std::string(refused.body.view()), HasSubstr("could not be found out: away"));
  }
}

TEST_F(GateTest, knows_foreign_names_before_credentials) {
  head_.authority.host = "evil.example";
  EXPECT_EQ(refusal_of("one").status, 421);
}

TEST_F(GateTest, knows_pages_of_other_sites_before_credentials) {
  head_.headers.push_back({"Origin", "http://evil.example"});
  EXPECT_EQ(refusal_of("one").status, 403);
}

TEST_F(GateTest, is_open_to_probes_whatever_they_show) {
  head_.authority.host = "evil.example";
  for (const auto* token : {"", "three", "three", "three", "error", "one"})
    EXPECT_FALSE(std::holds_alternative<ServerResponse>(admit(token, Access::kOpen))) << token;
}

TEST_F(GateTest, tells_reasons_to_those_alone_who_may_read) {
  EXPECT_FALSE(caller_of("", Access::kOpen).may_read);
  EXPECT_FALSE(caller_of("two", Access::kOpen).may_read);
  EXPECT_TRUE(caller_of("one", Access::kOpen).may_read);
}

}  // namespace
}  // namespace okg::auth
