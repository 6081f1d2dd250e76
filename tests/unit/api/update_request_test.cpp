#include "api/update_request.hpp"

#include <gtest/gtest.h>

namespace okg::api {
namespace {

TEST(ParseFormRequest, takes_fields_in_any_order_with_escapes_and_plus) {
  const auto request = parse_form_request(
                           "url=https%3A%2F%2Fh%2Fa%2Fb.html%3Fx%3D1&scope=pod&version=v1.2.3&path="
                           "a+b%2F%E5%9B%BE.png")
                           .value();
  EXPECT_EQ(request.url, "https://h/a/b.html?x=1");
  EXPECT_EQ(request.version, "v1.2.3");
  EXPECT_EQ(request.path, "a b/图.png");
  EXPECT_EQ(request.scope, results::Scope::kPod);
  EXPECT_TRUE(request.wait);
  EXPECT_FALSE(request.force);
}

TEST(ParseFormRequest, refuses_unknown_double_and_malformed_fields) {
  EXPECT_NE(
      parse_form_request("version=v1&uri=http://h/a").error().message.find("did you mean url?"),
      std::string::npos);
  EXPECT_FALSE(parse_form_request("version=v1&version=v2&url=http://h/a"));
  EXPECT_FALSE(parse_form_request("version=%zz&url=http://h/a"));
  EXPECT_FALSE(parse_form_request(""));
}

TEST(ParseJsonRequest, takes_strings_and_truth_values) {
  const auto request =
      parse_json_request(R"({"version":"v1","url":"http://h/a","wait":false,"force":"true"})")
          .value();
  EXPECT_FALSE(request.wait);
  EXPECT_TRUE(request.force);
  for (const auto* body : {"", "[]", "null", "{", R"({"version":1,"url":"http://h/a"})",
                           R"({"version":"v1","url":null})"})
    EXPECT_FALSE(parse_json_request(body)) << body;
}

TEST(CheckVersion, takes_what_fits_a_label) {
  for (const auto* version : {"v1", "v1.2.3", "2026-11-23.1", "a", "A_b-c.9"})
    EXPECT_TRUE(check_version(version)) << version;
  EXPECT_TRUE(check_version(std::string(63, 'a')));
  for (const auto* version : {"", "-a", "a-", ".a", "a b", "a/b", "版本", "a\n"})
    EXPECT_FALSE(check_version(version)) << version;
  EXPECT_FALSE(check_version(std::string(64, 'a')));
}

TEST(CheckPath, keeps_paths_inside_the_shared_directory) {
  for (const auto* path : {"a", "a/b/c.json", ".hidden", "a b", "图.png", "..a", "a/..b"})
    EXPECT_TRUE(check_path(path)) << path;
  for (const auto* path : {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.", "./a",
                           ".okg-sidecar", ".okg-sidecar/kept/1"})
    EXPECT_FALSE(check_path(path)) << path;
  EXPECT_FALSE(check_path(std::string("a\0b", 3)));
  EXPECT_FALSE(check_path(std::string(300, 'a')));
}

TEST(PathOfUrl, is_the_decoded_last_segment) {
  EXPECT_EQ(path_of_url("https://h/a/index%20v2.html?x=/y#z").value(), "index v2.html");
  EXPECT_EQ(path_of_url("http://h:80/a%2Bb+c").value(), "a+b+c");
  for (const auto* url : {"http://h", "http://h/", "http://h/a/", "http://h/a%2fb", "http://h/..",
                          "http://h/%2e%2e", "http://h/a%00", "http://h/%", "http://h?x=/a"})
    EXPECT_FALSE(path_of_url(url)) << url;
}

TEST(parse_form_rollback, asks_for_nothing_in_particular_when_it_is_empty) {
  const auto request = parse_form_rollback("");
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->rollback && request->wait);
  EXPECT_EQ(request->version + request->path + request->url, "");
}

TEST(parse_form_rollback, checks_what_it_is_given) {
  EXPECT_EQ(parse_json_rollback(
                R"({"version": "v1", "path": "maps/1.json", "scope": "pod", "wait": false})")
                ->path,
            "maps/1.json");
  for (const auto* body : {"version=", "path=..", "url=http://h/a", "scope=x", "wait=x"})
    EXPECT_FALSE(parse_form_rollback(body)) << body;
}

}  // namespace
}  // namespace okg::api
