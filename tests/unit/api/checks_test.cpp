#include "api/checks.hpp"

#include <gtest/gtest.h>

#include "limits/documented.hpp"

namespace okg::api {
namespace {

TEST(CheckVersion, takes_what_fits_a_label) {
  for (const auto* version : {"v1", "v1.2.3", "2026-11-23.1", "a", "A_b-c.9"})
    EXPECT_TRUE(check_version(version)) << version;
  const auto most = limits::documented("version");
  EXPECT_TRUE(check_version(std::string(most, 'a')));
  for (const auto* version : {"", "-a", "a-", ".a", "a b", "a/b", "版本", "a\n"})
    EXPECT_FALSE(check_version(version)) << version;
  EXPECT_FALSE(check_version(std::string(most + 1, 'a')));
}

TEST(CheckPath, keeps_paths_inside_the_shared_directory) {
  for (const auto* path :
       {"a", "a/b/c.json", ".hidden", "a b", "图.png", "..a", "a/..b", ".okg-sidecar/a"})
    EXPECT_TRUE(check_path(path)) << path;
  for (const auto* path : {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.", "./a"})
    EXPECT_FALSE(check_path(path)) << path;
  EXPECT_FALSE(check_path(std::string("a\0b", 3)));
}

TEST(CheckPath, is_as_long_as_documented) {
  const auto most_of_a_part = limits::documented("a part of it");
  EXPECT_TRUE(check_path("a/" + std::string(most_of_a_part, 'a')));
  EXPECT_FALSE(check_path("a/" + std::string(most_of_a_part + 1, 'a')));
  std::string path;
  while (path.size() < limits::documented("path")) path += "a/";
  path.back() = 'a';
  EXPECT_TRUE(check_path(path));
  EXPECT_FALSE(check_path(path + 'a'));
}

TEST(CheckUntil, takes_an_image_as_long_as_documented) {
  const auto most = limits::documented("until");
  EXPECT_TRUE(check_until(std::string(most, 'a')));
  const auto refused = check_until(std::string(most + 1, 'a'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kInvalidField);
}

TEST(PathOfUrl, is_the_decoded_last_segment) {
  EXPECT_EQ(path_of_url("https://h/a/index%20v2.html?x=/y#z").value(), "index v2.html");
  EXPECT_EQ(path_of_url("http://h:80/a%2Bb+c").value(), "a+b+c");
  for (const auto* url : {"http://h", "http://h/", "http://h/a/", "http://h/a%2fb", "http://h/..",
                          "http://h/%2e%2e", "http://h/a%00", "http://h/%", "http://h?x=/a"})
    EXPECT_FALSE(path_of_url(url)) << url;
}

TEST(PathOfUrl, refuses_a_name_that_is_not_utf8_and_says_what_to_send) {
  const auto path = path_of_url("http://h/%B5%D8.json");
  ASSERT_FALSE(path);
  EXPECT_NE(path.error().message.find("path=NAME"), std::string::npos);
}

TEST(CheckTypedPath, refuses_what_is_likely_a_mistake_with_the_path_to_type) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {R"(maps\desert\1.json)", "'maps/desert/1.json'"},
      {" a/b", "'a/b'"},
      {"a /b", "'a/b'"},
      {"a/ b ", "'a/b'"},
      {"a\u00a0", "a no-break space (U+00A0) where nobody sees it; send 'a'"},
      {"\u3000a", "an ideographic space (U+3000) where nobody sees it; send 'a'"},
      {"maps/\u200ba", "a zero width space (U+200B) where nobody sees it; send 'maps/a'"},
      {"a\ufeffb", "a byte order mark (U+FEFF) where nobody sees it; send 'ab'"},
      {"maps/\u00a0", "a no-break space (U+00A0) where nobody sees it"}};
  for (const auto& [typed, likely] : cases) {
    const auto path = check_typed_path(typed);
    ASSERT_FALSE(path) << typed;
    EXPECT_NE(path.error().message.find(likely), std::string::npos) << path.error().message;
  }
  for (const auto* path : {"a b/图.json", "a\u3000b", "می\u200cخواهم", "👨\u200d👩"})
    EXPECT_EQ(check_typed_path(path).value(), path);
}

TEST(CheckTypedPath, refuses_what_cannot_be_seen) {
  for (const auto* path : {"a\u009b", "\u202egnp.exe", "a\u2028", "a\xff", "a\x7f", "a\n"})
    EXPECT_FALSE(check_typed_path(path)) << path;
}

TEST(CheckUrl, takes_http_and_https_with_a_host) {
  for (const auto* url : {"http://h", "HTTPS://h/a?b", "http://[::1]:80/"})
    EXPECT_TRUE(check_url(url)) << url;
  for (const auto* url : {"", "h/a", "ftp://h/a", "http:///a", "http://?a", "http://h/a b",
                          "http://h/\n", "http://h/a#b", "http://h\\a", "http://h/a?b&amp;c=d"})
    EXPECT_FALSE(check_url(url)) << url;
  const auto most = limits::documented("url");
  EXPECT_TRUE(check_url("http://h/" + std::string(most - 9, 'x')));
  EXPECT_FALSE(check_url("http://h/" + std::string(most - 8, 'x')));
}

TEST(CheckUrl, says_what_to_type_instead) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"\"http://h/a\"", "quotes or brackets; send 'http://h/a'"},
      {"'http://h/a'", "send 'http://h/a'"},
      {"<http://h/a>", "send 'http://h/a'"},
      {"\u201chttp://h/a\u201d", "send 'http://h/a'"},
      {" http://h/a", "a space; send 'http://h/a'"},
      {"http://h/a\n", "a line end, which is a control character; send 'http://h/a'"},
      {"http://h/a\u3000", "an ideographic space (U+3000); send 'http://h/a'"},
      {"cdn.example.com/a?k=secret", "send it like 'https://cdn.example.com/a?k=***'"},
      {"127.0.0.1:80/a", "send it like 'https://127.0.0.1:80/a'"},
      {"http:/h/a", "send it like 'http://h/a'"},
      {"http:h/a", "send it like 'http://h/a'"}};
  for (const auto& [typed, likely] : cases) {
    const auto ok = check_url(typed);
    ASSERT_FALSE(ok) << typed;
    EXPECT_NE(ok.error().message.find(likely), std::string::npos) << ok.error().message;
    EXPECT_EQ(ok.error().message.find("secret"), std::string::npos) << ok.error().message;
  }
  EXPECT_TRUE(check_url("http://h/it's'"));
}

TEST(CheckVersion, says_what_to_type_instead) {
  const auto message = [](std::string_view version) {
    return check_version(version).error().message;
  };
  EXPECT_NE(message("v1;url=http://h/a").find("separate fields by &"), std::string::npos);
  EXPECT_NE(message("v1 ").find("has a space"), std::string::npos);
}

TEST(CheckUrl, asks_for_the_ascii_form_of_a_host_and_of_nothing_else) {
  const auto refused = check_url("http://b\u00fccher.example/a");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("xn--"), std::string::npos);
  EXPECT_TRUE(check_url("http://xn--bcher-kva.example/\u5730\u56fe.json"));
  EXPECT_TRUE(check_url("http://us\u00e9r@cdn.example/a"));
}

TEST(CheckUrl, does_not_repeat_secrets) {
  EXPECT_EQ(check_url("ftp://u:p@h/a?k=secret").error().message.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace okg::api
