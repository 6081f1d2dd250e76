#include "auth/web_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace okg::auth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ReadWebConfig : public testing::Test {
 protected:
  std::optional<WebConfig> read(const std::string& text) {
    return read_web_config(folder_.write("web.yml", text), mistakes_);
  }
  /// The mistakes, a line each.
  std::string words_of(const std::string& text) {
    EXPECT_FALSE(read(text)) << text;
    std::string words;
    for (const auto& each : mistakes_.list()) words += to_string(each) + "\n";
    return words;
  }
  std::optional<WebConfig> read_tls(const std::string& more) {
    return read("tls_server_config: {cert_file: c.pem, key_file: /k/k.pem" + more + "}");
  }
  std::string words_of_tls(const std::string& more) {
    return words_of("tls_server_config: {cert_file: c.pem, key_file: /k/k.pem" + more + "}");
  }

  tests::TemporaryFolder folder_;
  config::Mistakes mistakes_{"web.yml"};
};

TEST_F(ReadWebConfig, may_say_nothing) {
  const auto web = read("{}").value();
  EXPECT_FALSE(web.tls);
  EXPECT_TRUE(web.users.empty());
}

TEST_F(ReadWebConfig, takes_paths_relative_to_its_folder) {
  const auto web = read_tls("").value();
  EXPECT_EQ(web.tls->certificate_file, folder_.path() / "c.pem");
  EXPECT_EQ(web.tls->key_file, "/k/k.pem");
  EXPECT_EQ(web.tls->client_ca_file, "");
  EXPECT_FALSE(web.certificate_names);
}

TEST_F(ReadWebConfig, wants_both_files) {
  EXPECT_THAT(words_of("tls_server_config: {cert_file: c}"), HasSubstr("key_file"));
}

TEST_F(ReadWebConfig, takes_tls_from_1_2_on) {
  EXPECT_EQ(read_tls(", min_version: TLS13")->tls->min_version, http::TlsVersion::k13);
  EXPECT_THAT(words_of_tls(", min_version: TLS11"), HasSubstr("is older than TLS 1.2"));
}

TEST_F(ReadWebConfig, takes_certificates_of_callers) {
  const auto web =
      read_tls(", client_ca_file: ca, client_auth_type: RequireAndVerifyClientCert").value();
  EXPECT_EQ(web.tls->client_ca_file, folder_.path() / "ca");
  EXPECT_THAT(*web.certificate_names, ElementsAre("*"));
}

TEST_F(ReadWebConfig, takes_the_names_that_they_may_have) {
  EXPECT_THAT(*read_tls(", client_ca_file: ca, client_auth_type: RequireAndVerifyClientCert, "
                        "client_allowed_sans: [a, b]")
                   ->certificate_names,
              ElementsAre("a", "b"));
}

TEST_F(ReadWebConfig, asks_for_no_certificate_unless_it_is_required) {
  const auto web = read_tls(", client_ca_file: ca, client_auth_type: NoClientCert").value();
  EXPECT_EQ(web.tls->client_ca_file, "");
  EXPECT_FALSE(web.certificate_names);
}

TEST_F(ReadWebConfig, wants_an_authority_for_certificates) {
  EXPECT_THAT(words_of_tls(", client_auth_type: RequireAndVerifyClientCert"),
              HasSubstr("client_auth_type: needs client_ca_file"));
}

TEST_F(ReadWebConfig, refuses_what_is_less_than_it_says) {
  for (const auto* type : {"RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven"})
    EXPECT_THAT(words_of_tls(std::string(", client_ca_file: ca, client_auth_type: ") + type),
                HasSubstr("is not supported here"));
}

TEST_F(ReadWebConfig, refuses_what_this_program_cannot_do) {
  for (const auto* more : {", cipher_suites: [a]", ", curve_preferences: [a]", ", max_version: b"})
    EXPECT_THAT(words_of_tls(more), HasSubstr("is not supported here; leave it out"));
}

TEST_F(ReadWebConfig, passes_over_what_changes_nothing_here) {
  EXPECT_TRUE(read_tls(", prefer_server_cipher_suites: true"));
  EXPECT_TRUE(read("http_server_config: {http2: false}"));
}

TEST_F(ReadWebConfig, takes_users_with_their_hashes) {
  EXPECT_THAT(read("basic_auth_users: {ops: $2y$10$x}")->users,
              ElementsAre(testing::Pair("ops", "$2y$10$x")));
}

TEST_F(ReadWebConfig, refuses_a_password_and_does_not_repeat_it) {
  const auto words = words_of("basic_auth_users: {ops: hunter2}");
  EXPECT_THAT(words, HasSubstr("the password of ops is no bcrypt hash"));
  EXPECT_THAT(words, testing::Not(HasSubstr("hunter2")));
}

TEST_F(ReadWebConfig, is_nothing_when_it_cannot_be_read) {
  EXPECT_FALSE(read_web_config(folder_.path() / "no", mistakes_));
  EXPECT_EQ(mistakes_.size(), 1U);
}

}  // namespace
}  // namespace okg::auth
