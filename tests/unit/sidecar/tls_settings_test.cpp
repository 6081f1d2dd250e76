#include "sidecar/tls_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/node.hpp"
#include "metrics/page.hpp"

namespace okg::sidecar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct ReadTls {
  explicit ReadTls(const std::string& text) {
    config::Mistakes mistakes("f");
    options = read_tls(config::parse_yaml(text).value(), mistakes);
    for (const auto& mistake : mistakes.list()) lines.push_back(to_string(mistake));
  }
  http::TlsOptions options;
  std::vector<std::string> lines;
};

TEST(read_tls, takes_certificate_and_key) {
  const ReadTls read("certificateFile: /tls.crt\nkeyFile: /tls.key\n");
  EXPECT_THAT(read.lines, IsEmpty());
  EXPECT_EQ(read.options.certificate_file, "/tls.crt");
  EXPECT_EQ(read.options.key_file, "/tls.key");
}

TEST(read_tls, speaks_version_1_2_unless_told_otherwise) {
  EXPECT_EQ(ReadTls("certificateFile: /c\nkeyFile: /k\n").options.min_version,
            http::TlsVersion::k12);
  EXPECT_EQ(ReadTls("certificateFile: /c\nkeyFile: /k\nminVersion: '1.3'\n").options.min_version,
            http::TlsVersion::k13);
}

TEST(read_tls, refuses_a_version_that_is_not_safe) {
  EXPECT_THAT(ReadTls("certificateFile: /c\nkeyFile: /k\nminVersion: '1.1'\n").lines,
              ElementsAre(StartsWith("f:3: tls.minVersion: ")));
}

TEST(read_tls, wants_both_files) {
  EXPECT_THAT(ReadTls("certificateFile: /c\n").lines,
              ElementsAre(HasSubstr("tls.keyFile: is missing")));
  EXPECT_THAT(ReadTls("keyFile: /k\n").lines,
              ElementsAre(HasSubstr("tls.certificateFile: is missing")));
}

TEST(read_tls, refuses_a_key_that_it_does_not_know) {
  EXPECT_THAT(ReadTls("certificateFile: /c\nkeyFile: /k\ncertFile: /c\n").lines,
              ElementsAre(HasSubstr("f:3: tls.certFile: unknown key")));
}

class TlsNoticeTest : public testing::Test {
 protected:
  void fail_once() { notice_.hear(fail(ErrorCode::kInvalid, "tls.crt is no certificate")); }
  [[nodiscard]] bool is_shown(const std::string& line) {
    return page_.text().find("\n" + line + "\n") != std::string::npos;
  }

  metrics::Page page_;
  TlsNotice notice_{page_.registry()};
};

TEST_F(TlsNoticeTest, warns_of_nothing_at_first) {
  EXPECT_EQ(notice_.warnings(), Warnings());
  EXPECT_TRUE(is_shown("okg_sidecar_tls_reload_failed 0"));
}

TEST_F(TlsNoticeTest, warns_of_a_new_certificate_that_does_not_work) {
  fail_once();
  EXPECT_EQ(notice_.warnings(),
            Warnings{warn(Reason::kCertificateNotUsable,
                          "tls.crt is no certificate; the certificate of before is used")});
  EXPECT_TRUE(is_shown("okg_sidecar_tls_reload_failed 1"));
}

TEST_F(TlsNoticeTest, warns_once_of_one_that_goes_on_not_to_work) {
  fail_once();
  fail_once();
  EXPECT_EQ(notice_.warnings().size(), 1U);
}

TEST_F(TlsNoticeTest, warns_no_longer_once_one_works) {
  fail_once();
  notice_.hear({});
  EXPECT_EQ(notice_.warnings(), Warnings());
  EXPECT_TRUE(is_shown("okg_sidecar_tls_reload_failed 0"));
}

}  // namespace
}  // namespace okg::sidecar
