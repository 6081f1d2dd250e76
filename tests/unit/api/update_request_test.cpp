#include "api/update_request.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "api/fields/form_fields.hpp"

namespace okg::api {
namespace {

constexpr auto kJson = "application/json; charset=utf-8";

Result<UpdateRequest> from_form(std::string_view body) { return parse_update({"", "", body}); }
Result<UpdateRequest> from_json(std::string_view body) { return parse_update({kJson, "", body}); }

/// What is wrong with a form, in words.
std::string flaw_of(std::string_view body) {
  const auto request = from_form(body);
  return request ? "" : request.error().message;
}

bool says(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(ParseUpdate, takes_form_fields_in_any_order_with_escapes_and_plus) {
  const auto request = from_form(
                           "url=https%3A%2F%2Fh%2Fa%2Fb.html%3Fx%3D1&scope=pod&version=v1.2.3&"
                           "path=a+b%2F%E5%9B%BE.png")
                           .value();
  EXPECT_EQ(request.url, "https://h/a/b.html?x=1");
  EXPECT_EQ(request.version, "v1.2.3");
  EXPECT_EQ(request.path, "a b/图.png");
  EXPECT_EQ(request.scope, results::Scope::kPod);
  EXPECT_TRUE(request.wait);
  EXPECT_FALSE(request.force);
}

TEST(ParseUpdate, refuses_unknown_double_and_malformed_fields) {
  EXPECT_TRUE(says(flaw_of("version=v1&uri=http://h/a"), "did you mean url?"));
  EXPECT_TRUE(says(flaw_of("version=v1&version=v2&url=http%3A//h/a"), "given twice"));
  EXPECT_FALSE(from_form("version=%zz&url=http://h/a"));
  EXPECT_FALSE(from_form(""));
}

TEST(ParseUpdate, takes_a_pasted_url_literally) {
  EXPECT_EQ(from_form("version=v1&url=https://h/map%231.json")->url, "https://h/map%231.json");
  EXPECT_EQ(from_form("version=v1&url=https://h/a+b%20c?s=x%2By")->url,
            "https://h/a+b%20c?s=x%2By");
  EXPECT_EQ(from_form("version=v1&url=HTTPS://h/%25")->url, "HTTPS://h/%25");
  EXPECT_EQ(from_form("version=v1&url=https%3A%2F%2Fh%2Fa%2520b")->url, "https://h/a%20b");
}

TEST(ParseUpdate, puts_the_rest_of_a_pasted_url_back) {
  const auto request =
      from_form("scope=pod&url=https://h/a?s=1&Signature=b%2Bc&flag&pat=b&=x&version=v1").value();
  EXPECT_EQ(request.url, "https://h/a?s=1&Signature=b%2Bc&flag&pat=b&=x");
  EXPECT_EQ(request.scope, results::Scope::kPod);
}

TEST(ParseUpdate, guesses_nothing_about_what_belongs_to_a_url) {
  for (const auto* body :
       {"url=https://h/a?s=1&version=v1&t=2", "t=2&version=v1&url=https://h/a?s=1",
        "version=v1&url=https://h/a&t=2", "version=v1&url=https://h/a&scop=pod",
        "version=v1&url=https://h/a?s=1&path=x", "url=https://h/a?s=1&version=v1&scope=pod",
        "version=v1&url=https://h/a?s=1&version=2", "version=v1&url=https://h/a?s=1&force=%zz"})
    EXPECT_TRUE(says(flaw_of(body), "--data-urlencode")) << body << ": " << flaw_of(body);
}

TEST(ParseUpdate, takes_any_scheme_of_a_pasted_url_literally) {
  EXPECT_EQ(from_form("version=v1&path=p&url=s3://bucket/map%231.json")->url,
            "s3://bucket/map%231.json");
}

TEST(ParseUpdate, says_what_to_type_without_the_secrets) {
  const auto flaw = flaw_of("version=v1&url=https://h/a?s=secret&path=maps/1.json");
  EXPECT_TRUE(says(flaw, "--data-urlencode 'url=https://h/a?s=***'")) << flaw;
  EXPECT_TRUE(says(flaw, "--data-urlencode 'url=https://h/a?s=***&path=***'")) << flaw;
}

TEST(ParseUpdate, merges_query_and_body) {
  const auto request = parse_update({"", "version=v1&scope=pod", "url=https://h/a"}).value();
  EXPECT_EQ(request.version + request.url, "v1https://h/a");
  EXPECT_FALSE(parse_update({"", "version=v1", "version=v1&url=https://h/a"}));
  EXPECT_FALSE(parse_update({kJson, "version=v1", R"({"version":"v1","url":"https://h/a"})"}));
}

TEST(ParseUpdate, takes_multipart_literally_and_no_files) {
  const std::string part = "--x\r\nContent-Disposition: form-data; name=";
  const auto type = "multipart/form-data; boundary=x";
  const auto url = part + "url\r\n\r\nhttps://h/a%231?b=1&c=%2B\r\n";
  EXPECT_EQ(parse_update({type, "version=v1", url + "--x--"})->url, "https://h/a%231?b=1&c=%2B");
  EXPECT_FALSE(parse_update({type, "version=v1", url + url + "--x--"}));
  const auto file = part + "url; filename=a\r\n\r\nbytes\r\n--x--";
  EXPECT_TRUE(says(parse_update({type, "version=v1", file}).error().message, "is a file"));
  EXPECT_FALSE(parse_update({type, "version=v1", part + "uri\r\n\r\nx\r\n--x--"}));
}

TEST(ParseUpdate, takes_json_strings_numbers_and_truth_values) {
  const auto request =
      from_json(R"({"version":3.10,"url":"http://h/a","wait":false,"force":"true"})");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->version, "3.10");
  EXPECT_FALSE(request->wait);
  EXPECT_TRUE(request->force);
  EXPECT_EQ(from_json(R"({"version":3,"url":"http://h/a"})")->version, "3");
}

TEST(ParseUpdate, refuses_json_numbers_and_truth_values_that_are_no_version) {
  for (const std::string version : {"-0", "true", "false", "-1"})
    EXPECT_FALSE(from_json(R"({"version":)" + version + R"(,"url":"http://h/a"})")) << version;
}

TEST(ParseUpdate, refuses_json_that_is_not_a_flat_object) {
  for (const std::string body :
       {"", "[]", "null", "{", "3", "\"a\"", R"({"version":"v1","url":null})",
        R"({"version":["v1"]})", R"({"version":{"a":1}})",
        R"({"version":"v1","version":"v1","url":"http://h/a"})",
        R"({"version":"v1","url":"http://h/a"} x)", R"({"uri":"http://h/a"})",
        "{\"version\":\"v1\",\"url\":\"http://h/\xff\"}"})
    EXPECT_FALSE(from_json(body)) << body;
  EXPECT_FALSE(from_json("{\"version\":" + std::string(60'000, '[')));
  EXPECT_TRUE(says(from_json(R"({"version":"v1","version":"v2"})").error().message, "twice"));
}

TEST(ParseUpdate, refuses_json_with_a_nul_behind_it) {
  const std::string body = R"({"version":"v1","url":"http://h/a"})";
  for (const auto* rest : {"", "x", "{}"}) {
    const auto request = from_json(body + '\0' + rest);
    ASSERT_FALSE(request) << rest;
    EXPECT_TRUE(says(request.error().message, "beyond byte 36: that is NUL"))
        << request.error().message;
  }
}

TEST(ParseUpdate, names_the_header_for_json_that_was_sent_as_something_else) {
  EXPECT_TRUE(says(flaw_of(" {\"version\":\"v1\"}"), "-H 'Content-Type: application/json'"));
  EXPECT_TRUE(says(check_content_type({"text/plain", "", "{}"}).error().message,
                   "-H 'Content-Type: application/json'"));
  EXPECT_FALSE(check_content_type({"text/plain", "", "version=v1"}));
  for (const auto* type :
       {"", "application/json", "Application/X-WWW-Form-Urlencoded; charset=utf-8",
        "multipart/form-data; boundary=x"})
    EXPECT_TRUE(check_content_type({type, "", ""})) << type;
}

TEST(ParseUpdate, refuses_text_that_is_not_utf8) {
  EXPECT_TRUE(says(flaw_of("version=v1&url=http://h/a&path=%B5%D8"), "path=NAME"));
  EXPECT_TRUE(says(flaw_of("version=v1&path=p&url=http://h/\xb5\xd8"), "path=NAME"));
  EXPECT_EQ(from_form("version=v1&path=p&url=http://h/%B5%D8")->url, "http://h/%B5%D8");
}

TEST(ParseUpdate, does_not_repeat_secrets) {
  for (const auto* body : {"version=v1&url=https://u:hunter2@h/?k=hunter2",
                           "version=v1&x=https://u:hunter2@h/?k=hunter2",
                           "version=v1&wait=https://u:hunter2@h/?k=hunter2&url=http://h/a"})
    EXPECT_FALSE(says(flaw_of(body), "hunter2")) << flaw_of(body);
}

TEST(ParseRollback, asks_for_nothing_in_particular_when_it_is_empty) {
  const auto request = parse_rollback({});
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->rollback);
  EXPECT_TRUE(request->wait);
  EXPECT_EQ(request->version + request->path + request->url, "");
}

TEST(ParseRollback, checks_what_it_is_given) {
  EXPECT_EQ(
      parse_rollback({kJson, "", R"({"version":"v1","path":"maps/1.json","scope":"pod"})"})->path,
      "maps/1.json");
  for (const auto* body : {"version=", "path=..", "url=http://h/a", "scope=x", "wait=x"})
    EXPECT_FALSE(parse_rollback({"", "", body})) << body;
}

TEST(ParseForget, takes_one_path_or_all) {
  EXPECT_EQ(parse_forget({"", "", "path=maps/1.json"})->path, "maps/1.json");
  EXPECT_EQ(parse_forget({})->path, std::nullopt);
  EXPECT_EQ(parse_forget({"", "all=true", ""})->path, std::nullopt);
  for (const auto* body : {"path=a&all=true", "all=false", "path=..", "version=v1"})
    EXPECT_FALSE(parse_forget({"", "", body})) << body;
}

TEST(AsksForUpdate, knows_an_update_in_a_query) {
  EXPECT_TRUE(asks_for_update("a=1&version=v1"));
  EXPECT_TRUE(asks_for_update("url=http://h/a"));
  EXPECT_FALSE(asks_for_update("t=1700000000"));
  EXPECT_FALSE(asks_for_update(""));
}

TEST(ToFields, are_read_back_as_the_same_request) {
  UpdateRequest request;
  request.version = "v1";
  request.url = "https://h/a%20b?s=x%2By&t=+";
  request.path = "a b/图.json";
  request.scope = results::Scope::kPod;
  request.wait = false;
  request.force = true;
  request.sha256 = Sha256::parse(std::string(64, 'a')).value();
  const auto fields = to_fields(request);
  for (const auto& again : {from_form(to_form(fields)), from_json(to_json(fields).dump())}) {
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(to_fields(*again), fields);
  }
  EXPECT_EQ(parse_forget({"", "", to_form(to_fields(ForgetRequest{"a b"}))})->path, "a b");
  EXPECT_EQ(parse_forget({"", "", to_form(to_fields(ForgetRequest{}))})->path, std::nullopt);
}

}  // namespace
}  // namespace okg::api
