#include "base/text/secret.hpp"

#include <gtest/gtest.h>

namespace okg {
namespace {

TEST(RedactUrl, masks_userinfo_query_values_and_fragment) {
  EXPECT_EQ(redact_url("https://u:p@h/a?X=1&Y=2#f"), "https://***@h/a?X=***&Y=***#***");
  EXPECT_EQ(redact_url("https://token@h/a"), "https://***@h/a");
  EXPECT_EQ(redact_url("https://h/a?token"), "https://h/a?***");
  EXPECT_EQ(redact_url("https://h?a=b=c"), "https://h?a=***");
  EXPECT_EQ(redact_url("https://h/a?u=https://x:y@z/?k=1"), "https://h/a?u=***");
}

TEST(RedactUrl, leaves_what_is_no_secret) {
  for (const auto* url : {"https://h:8080/a/b.json", "http://[::1]:80/@scope/a", "a@b", "",
                          "h/a?x=1", "http://h/a?", "http://h/a?x=&", "http://h/a#"})
    EXPECT_EQ(redact_url(url), url);
}

TEST(RedactUrl, masks_a_password_that_was_not_percent_encoded) {
  EXPECT_EQ(redact_url("https://u:p@ss@h/a"), "https://***@h/a");
  EXPECT_EQ(redact_url("https://u:pa/ss@h/a"), "https://***@h/a");
  EXPECT_EQ(redact_url("https://u:pa?ss@h/a"), "https://***@h/a");
  EXPECT_EQ(redact_url("https://u:pa#ss@h/a"), "https://***@h/a");
}

TEST(RedactUrl, changes_nothing_the_second_time) {
  const auto once = redact_url("https://u:p@h/a?X=1&Y#f");
  EXPECT_EQ(redact_url(once), once);
}

TEST(Redact, masks_every_url_of_a_text) {
  EXPECT_EQ(redact("GET 'http://u:p@h/a?k=1': 404 (https://h/b?t=2)."),
            "GET 'http://***@h/a?k=***': 404 (https://h/b?t=***).");
  EXPECT_EQ(redact("url \"http://h/a?k=1\" and http://h/b?k=2"),
            "url \"http://h/a?k=***\" and http://h/b?k=***");
  EXPECT_EQ(redact("http://h/?k=a'b&c=d"), "http://h/?k=***&c=***");
  EXPECT_EQ(redact("nothing: // here"), "nothing: // here");
  EXPECT_EQ(redact("://?k=1"), "://?k=***");
}

}  // namespace
}  // namespace okg
