#include "plugins/hot_update/update/obtain/update_warnings.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

Outcome of_url(const std::string& url) {
  Outcome outcome;
  outcome.url = url;
  warn_if_url_expires(outcome);
  return outcome;
}

TEST(UpdateWarnings, are_none_of_a_url_that_does_not_expire) {
  EXPECT_TRUE(of_url("http://h/a").warnings.empty());
}

TEST(UpdateWarnings, say_when_a_signed_url_expired) {
  const auto warnings =
      of_url("http://h/a?Expires=1000000000&Signature=x&OSSAccessKeyId=y").warnings;
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings.front().reason, to_string(Reason::kSourceAddressExpires));
  EXPECT_TRUE(warnings.front().message.starts_with("the URL expired at 2001-09-09T01:46:40"));
}

class UnchangedContent : public testing::Test {
 protected:
  UnchangedContent() {
    before_.entry.version = "v1";
    before_.entry.sha256 = sha256_of("one");
    outcome_.version = "v2";
    outcome_.sha256 = sha256_of("one").hex();
  }
  LiveContent before_;
  Outcome outcome_;
};

TEST_F(UnchangedContent, is_another_version_with_the_same_bytes) {
  EXPECT_TRUE(is_unchanged(outcome_, before_));
}

TEST_F(UnchangedContent, is_not_the_same_version_once_more) {
  outcome_.version = "v1";
  EXPECT_FALSE(is_unchanged(outcome_, before_));
}

TEST_F(UnchangedContent, is_not_other_bytes) {
  outcome_.sha256 = sha256_of("two").hex();
  EXPECT_FALSE(is_unchanged(outcome_, before_));
}

TEST_F(UnchangedContent, is_warned_of_with_the_version_before) {
  warn_of_unchanged_content(outcome_, before_);
  EXPECT_NE(outcome_.warnings.at(0).message.find("that of version v1"), std::string::npos);
}

TEST(UpdateWarnings, say_that_a_signature_is_not_verified) {
  Outcome outcome;
  warn_of_unverified_signature(outcome);
  EXPECT_EQ(outcome.warnings.at(0).reason, to_string(Reason::kSignatureNotVerified));
}

}  // namespace
}  // namespace okg::hot_update
