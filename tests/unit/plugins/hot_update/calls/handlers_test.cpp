#include "plugins/hot_update/calls/handlers.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace okg::hot_update {
namespace {

/// The plugin does not run: what is wrong with a call is said all the same.
class HandlersTest : public testing::Test {
 protected:
  [[nodiscard]] http::ServerResponse call(const std::string& method, const std::string& path,
                                          const http::ServerRequest& request = {}) {
    http::ServerResponse answer;
    answer.status = 0;
    for (const auto& route : handlers_.routes())
      if (route.method == method && route.path == path)
        route.handler(request, [&](http::ServerResponse given) { answer = std::move(given); });
    return answer;
  }
  static http::ServerRequest with_query(const std::string& query) {
    http::ServerRequest request;
    request.query = query;
    return request;
  }
  static http::ServerRequest with_body(const std::string& type, const std::string& body) {
    http::ServerRequest request;
    request.headers.push_back({"Content-Type", type});
    request.body = body;
    return request;
  }

  Settings settings_;
  source::Policy policy_{settings_.source};
  kube::ApiFigures api_;
  metrics::Page page_;
  sidecar::Host host_{"lobby", "games", "/none", false, [] { return Warnings(); }, api_, page_};
  EventMetrics metrics_{page_.registry()};
  Handlers handlers_{Surroundings{settings_, policy_, host_, metrics_}, [] { return nullptr; }};
};

constexpr const char* kUpdate = R"({"version":"v1","url":"http://h/a"})";

TEST_F(HandlersTest, answer_503_while_the_plugin_does_not_run) {
  EXPECT_EQ(call("GET", "/hot-update").status, 503);
  EXPECT_EQ(call("GET", "/hot-update", with_query("files=true")).status, 503);
  EXPECT_EQ(call("GET", "/hot-update/events").status, 503);
  EXPECT_EQ(call("POST", "/hot-update/forget").status, 503);
  EXPECT_EQ(call("POST", "/hot-update", with_body("application/json", kUpdate)).status, 503);
}

TEST_F(HandlersTest, answer_415_to_another_kind_of_body) {
  for (const auto* path : {"/hot-update", "/hot-update/rollback", "/hot-update/forget"})
    EXPECT_EQ(call("POST", path, with_body("text/plain", kUpdate)).status, 415) << path;
}

TEST_F(HandlersTest, answer_400_to_what_cannot_be_meant) {
  EXPECT_EQ(call("POST", "/hot-update", with_body("application/json", "{}")).status, 400);
  EXPECT_EQ(call("GET", "/hot-update", with_query("files=perhaps")).status, 400);
  auto update = with_body("application/json", kUpdate);
  update.headers.push_back({"Idempotency-Key", std::string(1000, 'x')});
  EXPECT_EQ(call("POST", "/hot-update", update).status, 400);
}

TEST_F(HandlersTest, answer_400_to_a_get_that_asks_for_an_update) {
  EXPECT_EQ(call("GET", "/hot-update", with_query("version=v1")).status, 400);
  EXPECT_EQ(call("GET", "/hot-update", with_body("", "version=v1")).status, 400);
}

TEST_F(HandlersTest, let_only_those_update_who_may) {
  for (const auto& route : handlers_.routes())
    EXPECT_EQ(route.access, route.method == "GET" ? http::Access::kRead : http::Access::kUpdate)
        << route.method << " " << route.path;
}

}  // namespace
}  // namespace okg::hot_update
