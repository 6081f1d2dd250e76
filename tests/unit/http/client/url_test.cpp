#include "http/client/url.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

TEST(Url, is_the_one_that_libcurl_fetches) {
  const auto text = [](std::string_view url) {
    const auto parsed = Url::parse(url);
    return parsed ? parsed->text() : "none: " + parsed.error().message;
  };
  EXPECT_EQ(text("HTTP://0x7f.1:80/a/../b?x=%2e#f"), "http://127.0.0.1:80/b?x=%2e");
  EXPECT_EQ(text("https://h"), "https://h/");
  EXPECT_EQ(text("http://u:p@h/a/./b"), "http://u:p@h/a/b");
  for (const auto* url : {"ftp://h/a", "file:///etc/passwd", "http://", "h/a", "http://h:99999/",
                          "http://h:x/", "http://b\xc3\xbc/", "gopher://h/", "http://a@b@c/"})
    EXPECT_TRUE(text(url).starts_with("none: url '")) << url << text(url);
}

TEST(Url, reads_its_parts) {
  const auto url = *Url::parse("https://u:p@EXAMPLE.com./a%20b/c?x=1&y");
  EXPECT_EQ(url.scheme(), "https");
  EXPECT_EQ(url.host(), "example.com");
  EXPECT_EQ(url.port(), 443);
  EXPECT_EQ(url.path(), "/a%20b/c");
  EXPECT_EQ(url.query(), "x=1&y");
  EXPECT_TRUE(url.has_user());
  EXPECT_TRUE(url.is_same_origin(*Url::parse("https://example.com:443/")));
  for (const auto* other :
       {"http://example.com:443/", "https://example.com:444/", "https://www.example.com/"})
    EXPECT_FALSE(url.is_same_origin(*Url::parse(other))) << other;
}

TEST(Url, a_user_stays_within_the_origin) {
  const auto from = *Url::parse("http://u:p@h/a/b?q");
  const auto to = [&](const std::string& location) { return from.resolve(location)->text(); };
  EXPECT_EQ(to("c"), "http://u:p@h/a/c");
  EXPECT_EQ(to("/c d"), "http://u:p@h/c%20d");
  EXPECT_EQ(to("http://h/c"), "http://u:p@h/c");
  EXPECT_EQ(to("http://h:80/c"), "http://u:p@h:80/c");
  EXPECT_EQ(to("https://h/c"), "https://h/c");
  EXPECT_EQ(to("http://h:81/c"), "http://h:81/c");
  EXPECT_EQ(to("//other/c"), "http://other/c");
  EXPECT_EQ(to("http://v:w@h/c"), "http://v:w@h/c");
  EXPECT_FALSE(from.resolve("ftp://h/c").has_value());
  EXPECT_FALSE(from.resolve("http://h:x/c").has_value());
}

}  // namespace
}  // namespace okg::http
