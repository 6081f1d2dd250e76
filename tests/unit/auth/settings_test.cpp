#include "auth/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/node.hpp"

namespace okg::auth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// What stands under the key `auth`.
class AuthSettings : public testing::Test {
 protected:
  Settings read(const std::string& text) {
    const auto node = config::parse_yaml(text, mistakes_);
    return node ? read_settings(*node, mistakes_) : Settings();
  }
  /// The mistakes, a line each.
  std::string words_of(const std::string& text) {
    (void)read(text);
    std::string words;
    for (const auto& each : mistakes_.list()) words += to_string(each) + "\n";
    return words;
  }
  config::Mistakes mistakes_{"f"};
};

TEST_F(AuthSettings, none_means_everybody) {
  EXPECT_EQ(read("none").mode, Mode::kNone);
  EXPECT_TRUE(mistakes_.empty());
}

TEST_F(AuthSettings, take_files_of_tokens_and_who_may_only_read) {
  const auto settings = read("{tokenFiles: [/t/a, /t/b], readers: ['token:b']}");
  EXPECT_EQ(settings.mode, Mode::kRequired);
  EXPECT_THAT(settings.token_files, ElementsAre("/t/a", "/t/b"));
  EXPECT_THAT(settings.readers, ElementsAre("token:b"));
  EXPECT_TRUE(mistakes_.empty());
}

TEST_F(AuthSettings, take_users_of_the_cluster_with_defaults) {
  const auto settings = read("{kubernetes: {}}");
  EXPECT_EQ(settings.kubernetes->audience, "okg-sidecar");
  EXPECT_EQ(settings.kubernetes->cache_time, std::chrono::seconds(10));
}

TEST_F(AuthSettings, remember_a_right_for_five_minutes_at_most) {
  EXPECT_EQ(read("{kubernetes: {cacheSeconds: 300}}").kubernetes->cache_time,
            std::chrono::minutes(5));
  EXPECT_TRUE(mistakes_.empty());
  EXPECT_THAT(words_of("{kubernetes: {cacheSeconds: 301}}"), HasSubstr("rights that were taken"));
}

TEST_F(AuthSettings, want_an_audience) {
  EXPECT_THAT(words_of("{kubernetes: {audience: ''}}"), HasSubstr("audience: must not be empty"));
}

TEST_F(AuthSettings, take_certificates_of_named_callers) {
  const auto settings = read("{clientCertificates: {caFile: /ca, allowedNames: [a, b]}}");
  EXPECT_EQ(settings.certificates->ca_file, "/ca");
  EXPECT_THAT(settings.certificates->allowed_names, ElementsAre("a", "b"));
}

TEST_F(AuthSettings, want_to_know_whose_certificates_are_taken) {
  EXPECT_THAT(words_of("{clientCertificates: {caFile: /ca}}"), HasSubstr("names nobody"));
}

TEST_F(AuthSettings, leave_nothing_open_that_somebody_meant_to_close) {
  for (const auto* text : {"{}", "{readers: ['token:b']}", "{tokenFiles: []}"})
    EXPECT_THAT(words_of(text), HasSubstr("auth: names nobody who may call")) << text;
  for (const auto* text : {"~", "''", "all", "[]", "false"})
    EXPECT_EQ(read(text).mode, Mode::kRequired) << text;
}

TEST_F(AuthSettings, refuse_what_is_no_text_and_what_they_do_not_know) {
  EXPECT_THAT(words_of("{tokenFiles: [[a]]}"), HasSubstr("tokenFiles: expected a list of texts"));
  EXPECT_THAT(words_of("{tokenFile: [a]}"), HasSubstr("did you mean tokenFiles?"));
}

}  // namespace
}  // namespace okg::auth
