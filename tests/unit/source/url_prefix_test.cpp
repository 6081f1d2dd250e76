#include "source/url_prefix.hpp"

#include <gtest/gtest.h>

namespace okg::source {
namespace {

bool holds(std::string_view prefix, std::string_view url) {
  const auto parsed = http::Url::parse(url);
  return parsed && UrlPrefix::parse(prefix)->holds(*parsed);
}

TEST(UrlPrefix, is_compared_part_by_part) {
  for (const auto* url :
       {"https://cdn.example.com/game/a.zip", "https://cdn.example.com:443/game/a?x=1",
        "HTTPS://CDN.example.COM./game/", "https://cdn.example.com/game",
        "https://u:p@cdn.example.com/game/a", "https://cdn.example.com/x/../game/a",
        "https://cdn.example.com/%67ame/a%20b", "https://cdn.example.com/game/100%25.txt"})
    EXPECT_TRUE(holds("https://cdn.example.com/game/", url)) << url;
  for (const auto* url :
       {"http://cdn.example.com/game/a", "http://cdn.example.com:443/game/a",
        "https://cdn.example.com:8443/game/a", "https://cdn.example.com/gamer/a",
        "https://cdn.example.com/Game/a", "https://cdn.example.com/a",
        "https://cdn.example.com.evil.test/game/a",
        "https://evil.test/https://cdn.example.com/game/a",
        "https://cdn.example.com@evil.test/game/a", "https://evil.test?cdn.example.com/game/a",
        "https://evil.test#@cdn.example.com/game/a", "https://a.cdn.example.com/game/a"})
    EXPECT_FALSE(holds("https://cdn.example.com/game/", url)) << url;
}

TEST(UrlPrefix, no_path_leaves_its_folder) {
  for (const auto* path : {"../a", "%2e%2e/a", ".%2e/a", "%2E%2e%2fa", "x/%2e%2e/%2e%2e/a",
                           "..%2fa", "..%5ca", "%252e%252e/a", "%252e%252e%252fa", "..;/a",
                           "..;x=1/a", "%2e%2e;/a", "x%2f..%2f..%2fa", "%", "%zz", "%00"})
    EXPECT_FALSE(holds("https://h/game", "https://h/game/" + std::string(path))) << path;
  EXPECT_TRUE(holds("https://h", "https://h/game/%2e%2e/a"));  // any path is meant
}

TEST(UrlPrefix, may_be_of_every_name_below_one) {
  EXPECT_TRUE(holds("https://*.example.com", "https://a.example.com/x"));
  EXPECT_TRUE(holds("https://*.example.com/g/", "https://a.b.EXAMPLE.com./g/x"));
  for (const auto* url :
       {"https://example.com/", "https://aexample.com/", "https://evilexample.com/",
        "https://.example.com/", "https://a.example.com.evil.test/", "http://a.example.com/"})
    EXPECT_FALSE(holds("https://*.example.com", url)) << url;
}

TEST(UrlPrefix, knows_an_address_however_it_is_written) {
  for (const auto* url : {"http://10.0.0.9:8080/a", "http://0xa000009:8080/a", "http://10.9:8080/a",
                          "http://[::ffff:10.0.0.9]:8080/a"})
    EXPECT_TRUE(holds("http://10.0.0.9:8080", url)) << url;
  EXPECT_TRUE(holds("http://[fd00::9]", "http://[fd00:0:0::9]/a"));
  EXPECT_FALSE(holds("http://10.0.0.9:8080", "http://10.0.0.8:8080/a"));
  EXPECT_FALSE(holds("https://*.9.9", "http://10.0.9.9/"));
}

TEST(UrlPrefix, a_path_may_be_of_any_letters) {
  EXPECT_TRUE(holds("https://h/\xe6\xb8\xb8/", "https://h/%E6%B8%B8/a"));
  EXPECT_TRUE(holds("https://h/%e6%b8%b8/", "https://h/\xe6\xb8\xb8/a"));
}

TEST(UrlPrefix, is_refused_when_it_is_not_clear) {
  for (const auto* text :
       {"", "cdn.example.com", "//cdn.example.com", "ftp://h/", "https://", "https://h?x",
        "https://h/#x", "https://u@h/", "https://*", "https://*.", "https://a.*.com/",
        "https://*a.com/", "https://h/a*/", "https://h/..%2f/", "https://*.10.0.0.1/",
        "https://h:x/", "https:// h/"})
    EXPECT_FALSE(UrlPrefix::parse(text).has_value()) << text;
}

}  // namespace
}  // namespace okg::source
