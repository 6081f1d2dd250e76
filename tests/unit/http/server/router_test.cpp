#include "http/server/router.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

Handler answer(int status) {
  return [status](const ServerRequest&, const Respond& respond) {
    ServerResponse response;
    response.status = status;
    respond(std::move(response));
  };
}

std::vector<Route> routes() {
  return {{"GET", "/a", Access::kRead, answer(201)}, {"POST", "/a", Access::kUpdate, answer(202)}};
}

/// The answer to a request, with a body that says which handler gave it.
ServerResponse ask(const Choose& choose, const std::string& method, const std::string& path) {
  ServerRequest head;
  head.method = method;
  head.path = path;
  ServerResponse answered;
  choose(head, [&](Decision decision) {
    if (auto* refused = std::get_if<ServerResponse>(&decision)) {
      answered = std::move(*refused);
      return;
    }
    std::get<Handler>(decision)(head, [&](ServerResponse given) { answered = std::move(given); });
  });
  return answered;
}

TEST(Router, finds_the_handler_by_method_and_path) {
  const auto choose = route(routes(), "see the docs");
  EXPECT_EQ(ask(choose, "GET", "/a").status, 201);
  EXPECT_EQ(ask(choose, "POST", "/a").status, 202);
}

TEST(Router, refuses_unknown_paths_and_methods) {
  const auto choose = route(routes(), "see the docs");
  const auto unknown = ask(choose, "GET", "/b");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_NE(unknown.body.view().find("see the docs"), std::string_view::npos);
  const auto wrong = ask(choose, "DELETE", "/a");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(*find_header(wrong.headers, "Allow"), "GET, HEAD, POST");
}

TEST(Router, asks_who_may_call_and_says_what_the_call_would_do) {
  std::vector<Access> asked;
  const auto only_readers = [&](const ServerRequest&, Access access, const Decided& decided) {
    asked.push_back(access);
    if (access == Access::kUpdate) return decided(refusal(403, "no", Reason::kForbidden));
    decided(Caller{"token:a", true});
  };
  const auto choose = route(routes(), "", only_readers);
  EXPECT_EQ(ask(choose, "GET", "/a").status, 201);
  EXPECT_EQ(ask(choose, "POST", "/a").status, 403);
  EXPECT_EQ(asked, (std::vector<Access>{Access::kRead, Access::kUpdate}));
}

TEST(LastBody, gives_equal_texts_one_body) {
  LastBody last;
  const auto first = last.share("a");
  EXPECT_EQ(last.share("a").view().data(), first.view().data());
  EXPECT_NE(last.share("b").view().data(), first.view().data());
  EXPECT_EQ(first.view(), "a");
}

TEST(Refusal, is_json_whatever_it_quotes) {
  EXPECT_EQ(refusal(400, "a \"b\"\n\u202e", Reason::kInvalidField).body.view(),
            "{\"result\":\"Failed\",\"stage\":\"request\",\"reason\":\"InvalidField\",\"message\":"
            "\"a \\\"b\\\"\\n\\u202e\"}\n");
}

}  // namespace
}  // namespace okg::http
