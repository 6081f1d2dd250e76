#include "source/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okg::source {
namespace {

using testing::HasSubstr;

class PolicyTest : public testing::Test {
 protected:
  void allow(const std::vector<std::string>& prefixes) {
    settings_.allowed_sources.key = "source.allowed";
    for (const auto& each : prefixes)
      settings_.allowed_sources.value.push_back(UrlPrefix::parse(each).value());
  }
  /// Empty: it is allowed.
  std::string words_of(std::string_view url) {
    const auto checked = Policy(settings_).check(url);
    return checked ? "" : checked.error().message;
  }
  std::string words_of_kept(std::string_view url) {
    const auto checked = Policy(settings_).check_kept(url);
    return checked ? "" : checked.error().message;
  }
  void have_store() {
    ObjectStore store;
    store.endpoint = http::Url::parse("https://s3.example.com").value();
    settings_.object_store = store;
  }
  SourceSettings settings_;
};

TEST_F(PolicyTest, allows_every_source_unless_some_are_named) {
  EXPECT_EQ(words_of("http://cdn.example.com/a"), "");
}

TEST_F(PolicyTest, allows_those_that_are_named_alone) {
  allow({"https://cdn.example.com/game/"});
  EXPECT_EQ(words_of("https://cdn.example.com/game/a"), "");
  EXPECT_EQ(words_of("https://cdn.example.com/other/a?k=secret"),
            "url 'https://cdn.example.com/other/a?k=***' is of none of source.allowed "
            "(https://cdn.example.com/game/); where it is meant, add the beginning of the URL "
            "there");
}

TEST_F(PolicyTest, names_five_sources_and_counts_the_rest) {
  allow({"https://a/", "https://b/", "https://c/", "https://d/", "https://e/", "https://f/"});
  EXPECT_THAT(words_of("https://x/"), HasSubstr("https://d/, https://e/ and 1 more"));
}

TEST_F(PolicyTest, wants_https_where_that_is_set) {
  settings_.require_https = {true, "source.requireHttps"};
  EXPECT_EQ(words_of("https://h/a"), "");
  EXPECT_THAT(words_of("http://h/a"),
              HasSubstr("is not https, and source.requireHttps is set; send its https URL"));
}

TEST_F(PolicyTest, says_that_the_configuration_refuses_it) {
  allow({"https://a/"});
  const auto error = Policy(settings_).check("https://b/").error();
  EXPECT_EQ(error.code, ErrorCode::kUpstream);
  EXPECT_EQ(error.reason, Reason::kSourceNotAllowed);
}

TEST_F(PolicyTest, allows_no_address_that_trusts_the_node) {
  EXPECT_THAT(words_of("http://169.254.169.254/latest"),
              testing::StartsWith("url 'http://169.254.169.254/latest': "));
}

TEST_F(PolicyTest, knows_where_the_store_has_an_object) {
  have_store();
  const Policy policy(settings_);
  EXPECT_EQ(policy.check("s3://bucket/k").value().text(), "https://bucket.s3.example.com/k");
  EXPECT_EQ(policy.url_as_recorded("s3://bucket/k"), "https://bucket.s3.example.com/k");
  EXPECT_EQ(policy.url_as_recorded("https://h/a"), "https://h/a");
}

TEST_F(PolicyTest, knows_no_object_without_a_store) {
  EXPECT_NE(words_of("s3://bucket/k"), "");
  EXPECT_EQ(Policy(settings_).url_as_recorded("s3://bucket/k"), "s3://bucket/k");
}

TEST_F(PolicyTest, connects_to_nothing_for_what_is_kept) {
  EXPECT_EQ(words_of_kept("http://169.254.169.254/a"), "");
  EXPECT_EQ(words_of_kept("no url at all"), "");
}

TEST_F(PolicyTest, keeps_nothing_of_a_source_that_is_not_allowed_any_more) {
  allow({"https://a/"});
  EXPECT_EQ(words_of_kept("https://a/x"), "");
  EXPECT_THAT(words_of_kept("https://b/x"), HasSubstr("is of none of"));
}

}  // namespace
}  // namespace okg::source
