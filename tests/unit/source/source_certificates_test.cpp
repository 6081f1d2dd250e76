#include "source/source_certificates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "made_certificate.hpp"
#include "temporary_folder.hpp"

namespace okg::source {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// A certificate for sources below https://cdn/.
class AddCertificate : public testing::Test {
 protected:
  AddCertificate() {
    files_.value = {{UrlPrefix::parse("https://cdn/").value(),
                     folder_.write("tls.crt", tests::pem_of(shown_.certificate.get())),
                     folder_.write("tls.key", tests::pem_of(shown_.key.get())),
                     {}}};
  }
  CertificateFiles& files() { return files_.value.front(); }
  Result<void> add_for(const std::string& url = "https://cdn/a") {
    return add_certificate(files_, http::Url::parse(url).value(), request_);
  }
  std::string words() {
    const auto added = add_for();
    if (added) return "";
    EXPECT_EQ(added.error().reason, Reason::kSourceUnauthorized);
    EXPECT_THAT(added.error().message, StartsWith("sourceCertificates: "));
    return added.error().message;
  }

  tests::TemporaryFolder folder_;
  tests::Shown shown_ = tests::certificate_of("game", "");
  Setting<std::vector<CertificateFiles>> files_{{}, "sourceCertificates"};
  http::ClientRequest request_;
};

TEST_F(AddCertificate, shows_the_certificate_of_the_files) {
  ASSERT_TRUE(add_for());
  EXPECT_EQ(request_.certificate_pem, folder_.read("tls.crt"));
  EXPECT_EQ(request_.key_pem, folder_.read("tls.key"));
}

TEST_F(AddCertificate, shows_none_to_other_sources_but_names_the_setting) {
  ASSERT_TRUE(add_for("https://cdn.evil/a"));
  EXPECT_EQ(request_.certificate_pem, "");
  EXPECT_EQ(request_.certificate_setting, "sourceCertificates");
}

TEST_F(AddCertificate, takes_the_first_files_that_hold_the_url) {
  files_.value.push_back({UrlPrefix::parse("https://cdn/").value(), "/none", "/none", {}});
  EXPECT_TRUE(add_for());
}

TEST_F(AddCertificate, leaves_the_authority_where_the_files_name_none) {
  request_.ca_file = "/of-all";
  request_.ca_setting = "download.caFile";
  ASSERT_TRUE(add_for());
  EXPECT_EQ(request_.ca_file, "/of-all");
  EXPECT_EQ(request_.ca_setting, "download.caFile");
}

TEST_F(AddCertificate, has_an_authority_of_its_own_without_a_certificate) {
  files().certificate.clear();
  files().authority = "/ca";
  ASSERT_TRUE(add_for());
  EXPECT_EQ(request_.ca_file, "/ca");
  EXPECT_EQ(request_.ca_setting, "sourceCertificates");
  EXPECT_EQ(request_.certificate_pem, "");
}

TEST_F(AddCertificate, opens_no_authority_that_is_a_pipe) {
  const auto pipe = folder_.path() / "ca";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  files().authority = pipe;
  const auto added = add_for();
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().reason, Reason::kSourceTls);
  EXPECT_THAT(added.error().message, HasSubstr("is not a regular file"));
}

TEST_F(AddCertificate, names_the_file_that_is_not_there) {
  files().key = folder_.path() / "none";
  EXPECT_THAT(words(), HasSubstr(files().key.string()));
}

TEST_F(AddCertificate, names_the_file_that_is_no_certificate) {
  folder_.write("tls.crt", "x");
  EXPECT_THAT(words(), HasSubstr("tls.crt is no certificate in PEM form"));
}

TEST_F(AddCertificate, names_the_file_that_is_no_key) {
  folder_.write("tls.key", "x");
  EXPECT_THAT(words(), HasSubstr("tls.key is no private key in PEM form without a password"));
}

TEST_F(AddCertificate, asks_nobody_for_the_password_of_a_key) {
  folder_.write("tls.key", tests::pem_of(shown_.key.get(), "s3cret"));
  EXPECT_THAT(words(), HasSubstr("tls.key is no private key in PEM form without a password"));
}

TEST_F(AddCertificate, names_the_key_that_is_of_another_certificate) {
  const auto other = tests::certificate_of("other", "");
  folder_.write("tls.key", tests::pem_of(other.key.get()));
  EXPECT_THAT(words(), EndsWith("is not the key of " + files().certificate.string() +
                                "; mount both of one Secret"));
}

}  // namespace
}  // namespace okg::source
