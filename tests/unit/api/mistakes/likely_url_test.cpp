#include "api/mistakes/likely_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace okg::api {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(UrlInQuotes, masks_secrets) {
  EXPECT_EQ(url_in_quotes("https://h/a?k=secret"), "'https://h/a?k=***'");
}

TEST(UrlInQuotes, masks_them_also_where_the_scheme_was_left_out) {
  EXPECT_EQ(url_in_quotes("h/a?k=secret"), "'h/a?k=***'");
  EXPECT_THAT(url_in_quotes("user:secret@h/a"), Not(HasSubstr("secret")));
}

TEST(FlawAround, is_none_of_a_plain_url) {
  for (const auto* url : {"http://h/a", "http://h/it's'", "", "h/a"})
    EXPECT_EQ(flaw_around(url), "") << url;
}

TEST(FlawAround, knows_what_urls_stand_in) {
  for (const auto* url :
       {"\"http://h/a\"", "'http://h/a'", "`http://h/a`", "<http://h/a>", "\u201chttp://h/a\u201d",
        "\u2018http://h/a\u2019", "\u300ahttp://h/a\u300b", "\u300chttp://h/a\u300d", "<http://h/a",
        "\" http://h/a \""})
    EXPECT_EQ(flaw_around(url), "stands in quotes or brackets; send 'http://h/a'") << url;
}

TEST(FlawAround, knows_what_nobody_sees) {
  EXPECT_EQ(flaw_around(" http://h/a"), "has a space; send 'http://h/a'");
  EXPECT_EQ(flaw_around("http://h/a\u00a0"), "has a no-break space (U+00A0); send 'http://h/a'");
  EXPECT_EQ(flaw_around("http://h/\u200ba"), "has a zero width space (U+200B); send 'http://h/a'");
}

TEST(FlawAround, knows_the_end_of_a_sentence) {
  EXPECT_EQ(flaw_around("http://h/a\uff0c"), "ends with '\uff0c'; send 'http://h/a'");
  EXPECT_EQ(flaw_around("http://h/a\u3002"), "ends with '\u3002'; send 'http://h/a'");
}

TEST(FlawAround, guesses_nothing_where_more_than_a_url_is_in_it) {
  for (const auto* url : {"'http://h/a' 'http://h/b'", "<a href='http://h/a'>", "''", "\" \""})
    EXPECT_EQ(flaw_around(url), "") << url;
}

TEST(FlawAround, repeats_no_secret) {
  EXPECT_THAT(flaw_around("'http://u:hunter2@h/a?k=hunter2'"), Not(HasSubstr("hunter2")));
}

TEST(FlawOfScheme, is_none_of_what_is_fetched) {
  for (const auto* url : {"http://h/a", "HTTPS://h/a", "s3://bucket/a"})
    EXPECT_EQ(flaw_of_scheme(url), "") << url;
}

TEST(FlawOfScheme, says_what_was_likely_meant) {
  const std::map<std::string, std::string> cases{
      {"http\uff1a\uff0f\uff0fh/a", "http://h/a"},
      {R"(https:\/\/h\/a)", "https://h/a"},
      {"https%3A%2F%2Fh%2Fa", "https://h/a"},
      {"http:/h/a", "http://h/a"},
      {"http:h/a", "http://h/a"},
      {"cdn.example.com/a", "https://cdn.example.com/a"},
      {"localhost:8080/a", "https://localhost:8080/a"},
  };
  for (const auto& [typed, meant] : cases)
    EXPECT_EQ(
        flaw_of_scheme(typed),
        "is not an http or https URL, nor one like s3://bucket/key; send it like '" + meant + "'");
}

TEST(FlawOfScheme, guesses_nothing_of_another_scheme_or_of_none_at_all) {
  for (const auto* url : {"ftp://h/a", "file:///a", "", "maps/1.json", "http:", "://h"})
    EXPECT_THAT(flaw_of_scheme(url), EndsWith("nor one like s3://bucket/key")) << url;
}

TEST(FlawOfScheme, repeats_no_secret) {
  EXPECT_THAT(flaw_of_scheme("cdn.example.com/a?k=hunter2"), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace okg::api
