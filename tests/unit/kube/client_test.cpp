#include "kube/client.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "scripted_server.hpp"
#include "service_account_dir.hpp"

namespace okg::kube {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Answer = ScriptedServer::Answer;
using Clock = std::chrono::steady_clock;

class KubeClient : public ::testing::Test {
 protected:
  Client client(const ScriptedServer& server, std::chrono::milliseconds deadline = 5s) {
    ClientSettings settings;
    settings.first_timeout = 500ms;
    settings.first_shared_timeout = 200ms;
    settings.first_overload_delay = 5ms;
    settings.call_deadline = deadline;
    settings.first_delay = 1ms;
    settings.max_delay = 5ms;
    return Client(*Credentials::for_server(server.url(), dir_.path()), settings);
  }
  Result<std::string> get(Client& client, std::stop_token stop = {}) {
    return client.call({"GET", pod("games", "game-0")}, stop);
  }

  ServiceAccountDir dir_{"first"};
};

TEST_F(KubeClient, sends_the_token_the_patch_and_its_type) {
  ScriptedServer server({{"200 OK", "", R"({"kind": "Pod", "metadata": {"name": "game-0"}})"}});
  auto api = client(server);
  const auto pod = api.patch_pod("games", "game-0", R"({"metadata":{}})", {});
  ASSERT_TRUE(pod) << pod.error().message;
  EXPECT_EQ(pod->name, "game-0");
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_THAT(server.requests()[0],
              HasSubstr("PATCH /api/v1/namespaces/games/pods/game-0?timeout=500ms HTTP/1.1\r\n"));
  EXPECT_THAT(server.requests()[0], HasSubstr("Authorization: Bearer first\r\n"));
  EXPECT_THAT(server.requests()[0],
              HasSubstr("Content-Type: application/strategic-merge-patch+json\r\n"));
  EXPECT_THAT(server.requests()[0], HasSubstr("\r\n\r\n{\"metadata\":{}}"));
}

TEST_F(KubeClient, keeps_its_connection) {
  ScriptedServer server({{"200 OK", "", "1"}, {"404 Not Found", "", ""}, {"200 OK", "", "2"}});
  auto api = client(server);
  EXPECT_TRUE(get(api));
  EXPECT_FALSE(get(api));
  EXPECT_TRUE(get(api));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(api.requests(), 3U);
}

TEST_F(KubeClient, tries_again_after_hang_ups_conflicts_throttling_and_server_faults) {
  ScriptedServer server({{},
                         {"409 Conflict", "", ""},
                         {"429 Too Many Requests", "", ""},
                         {"503 Service Unavailable", "", ""},
                         {"500 Internal Server Error", "", ""},
                         {"200 OK", "", "done"}});
  auto api = client(server);
  const auto answer = get(api);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer, "done");
  EXPECT_EQ(api.last_status(), 200);
}

TEST_F(KubeClient, gives_an_overloaded_server_more_time_with_each_attempt) {
  ScriptedServer server({{"504 Gateway Timeout", "", ""},
                         {"500 Internal Server Error", "",
                          R"({"kind":"Status","message":"context deadline exceeded"})"},
                         {"200 OK", "", R"({"kind":"Pod"})"}});
  auto api = client(server);
  ASSERT_TRUE(api.patch_pod("games", "game-0", "{}", {}));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_THAT(requests[0], HasSubstr("?timeout=500ms "));
  EXPECT_THAT(requests[1], HasSubstr("?timeout=1000ms "));
  EXPECT_THAT(requests[2], HasSubstr("?timeout=2000ms "));
}

TEST_F(KubeClient, gives_up_early_where_others_write_too) {
  ScriptedServer server({{"200 OK", "", ""},
                         {"504 Gateway Timeout", "", ""},
                         {"200 OK", "", R"({"kind":"ConfigMap"})"}});
  auto api = client(server);
  ASSERT_TRUE(get(api));
  ASSERT_TRUE(api.patch_config_map("kube-system", "sidecar-result", "{}", {}));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_THAT(requests[1], HasSubstr("?timeout=200ms "));
  EXPECT_THAT(requests[2], HasSubstr("?timeout=400ms "));
}

TEST_F(KubeClient, gives_a_far_server_the_time_it_needs) {
  ScriptedServer server({{"200 OK", "", "", 80ms}, {"200 OK", "", R"({"kind":"ConfigMap"})"}});
  auto api = client(server);
  ASSERT_TRUE(get(api));
  ASSERT_TRUE(api.patch_config_map("kube-system", "sidecar-result", "{}", {}));
  EXPECT_EQ(api.contention().slowdown(), 1);
  const std::string sent = server.requests()[1];
  const auto timeout = std::stoi(sent.substr(sent.find("?timeout=") + 9));
  EXPECT_GE(timeout, 320);
  EXPECT_LE(timeout, 500);
}

TEST_F(KubeClient, encodes_the_query) {
  ScriptedServer server({{"200 OK", "", ""}});
  auto api = client(server);
  const Resource pods{.plural = "pods", .ns = "games"};
  ASSERT_TRUE(api.call({"GET", pods, {{"labelSelector", "a in (b,c)"}, {"limit", "5"}}}, {}));
  EXPECT_THAT(server.requests()[0],
              ::testing::StartsWith(
                  "GET /api/v1/namespaces/games/pods?labelSelector=a%20in%20%28b%2Cc%29&limit=5 "));
}

class Lines : public http::ResponseSink {
 public:
  Result<void> begin(const http::ResponseHead&) override { return {}; }
  Result<void> write(std::span<const std::byte> bytes) override {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  std::string text;
};

TEST_F(KubeClient, hands_over_a_watch_as_it_comes) {
  ScriptedServer server({{"200 OK", "", "{\"type\":\"ADDED\"}\n{\"type\":\"DELETED\"}\n"}});
  auto api = client(server);
  const Resource sets{.group = "game.kruise.io", .version = "v1alpha1", .plural = "gameserversets"};
  Lines lines;
  ASSERT_TRUE(api.stream({"GET", sets, {{"watch", "true"}}}, lines, {}));
  EXPECT_EQ(lines.text, "{\"type\":\"ADDED\"}\n{\"type\":\"DELETED\"}\n");
  EXPECT_THAT(
      server.requests()[0],
      ::testing::StartsWith("GET /apis/game.kruise.io/v1alpha1/gameserversets?watch=true "));
}

TEST_F(KubeClient, hands_over_nothing_of_a_refused_watch) {
  ScriptedServer server({{"410 Gone", "", R"({"kind":"Status","message":"too old"})"}});
  auto api = client(server);
  Lines lines;
  const auto watched = api.stream({"GET", Resource{.plural = "pods"}}, lines, {});
  ASSERT_FALSE(watched);
  EXPECT_THAT(watched.error().message, HasSubstr("410: too old"));
  EXPECT_EQ(lines.text, "");
}

TEST_F(KubeClient, tells_how_slow_an_answer_was) {
  ScriptedServer server({{"200 OK", "", ""}, {"200 OK", "", "", 300ms}});
  auto api = client(server);
  EXPECT_EQ(api.contention().slowdown(), 1);
  ASSERT_TRUE(get(api));
  EXPECT_EQ(api.contention().slowdown(), 1);
  ASSERT_TRUE(get(api));
  EXPECT_GT(api.contention().slowdown(), 1);
}

TEST_F(KubeClient, gives_a_slow_server_more_time_with_each_call) {
  const std::string map = R"({"kind":"ConfigMap"})";
  ScriptedServer server({{"504 Gateway Timeout", "Retry-After: 60\r\n", ""},
                         {"200 OK", "", map},
                         {"200 OK", "", map}});
  auto api = client(server);
  EXPECT_FALSE(api.patch_config_map("kube-system", "sidecar-result", "{}", {}));
  EXPECT_TRUE(api.patch_config_map("kube-system", "sidecar-result", "{}", {}));
  EXPECT_TRUE(api.patch_config_map("kube-system", "sidecar-result", "{}", {}));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_THAT(requests[0], HasSubstr("?timeout=500ms "));
  EXPECT_THAT(requests[1], HasSubstr("?timeout=1000ms "));
  EXPECT_THAT(requests[2], HasSubstr("?timeout=200ms "));
}

TEST_F(KubeClient, waits_as_long_as_retry_after_says) {
  ScriptedServer server(
      {{"429 Too Many Requests", "Retry-After: 1\r\n", ""}, {"200 OK", "", "done"}});
  auto api = client(server);
  const auto begin = Clock::now();
  EXPECT_TRUE(get(api));
  EXPECT_GE(Clock::now() - begin, 1s);
}

TEST_F(KubeClient, does_not_wait_beyond_its_deadline) {
  ScriptedServer server({{"429 Too Many Requests", "Retry-After: 60\r\n",
                          R"({"kind":"Status","reason":"TooManyRequests","message":"busy"})"}});
  auto api = client(server);
  const auto begin = Clock::now();
  const auto answer = get(api);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("429 TooManyRequests: busy"));
  EXPECT_LT(Clock::now() - begin, 1s);
  EXPECT_EQ(api.last_status(), 429);
}

TEST_F(KubeClient, gives_up_at_its_deadline) {
  ScriptedServer server(std::vector<Answer>(1000, Answer{"503 Service Unavailable", "", ""}));
  auto api = client(server, 200ms);
  const auto answer = get(api);
  ASSERT_FALSE(answer);
  EXPECT_TRUE(is_transient(answer.error().code));  // of an answer, or of one that was awaited
  EXPECT_GT(api.requests(), 1U);
  EXPECT_LT(api.requests(), 1000U);
}

TEST_F(KubeClient, has_its_own_reason_for_a_lost_connection) {
  ScriptedServer server(std::vector<Answer>(1000));
  auto api = client(server, 50ms);
  const auto answer = get(api);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, Reason::kApiUnreachable);
}

TEST_F(KubeClient, reports_a_conflict_at_once_when_the_patch_names_a_resource_version) {
  ScriptedServer server({{"409 Conflict", "", ""}, {"200 OK", "", R"({"kind":"ConfigMap"})"}});
  auto api = client(server);
  const auto answer =
      api.patch_config_map("kube-system", "sidecar-result", "{}", {}, OnConflict::kReport);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kConflict);
  EXPECT_EQ(api.last_status(), 409);
}

TEST_F(KubeClient, does_not_repeat_what_will_fail_again) {
  for (const char* status : {"400 Bad Request", "403 Forbidden", "404 Not Found", "413 Too Large",
                             "422 Unprocessable Entity"}) {
    ScriptedServer server({{status, "", ""}, {"200 OK", "", ""}});
    auto api = client(server);
    EXPECT_FALSE(get(api)) << status;
    EXPECT_EQ(api.requests(), 1U) << status;
  }
}

TEST_F(KubeClient, reads_the_token_again_after_a_401) {
  ScriptedServer server({{"401 Unauthorized", "", ""}, {"200 OK", "", "done"}});
  auto api = client(server);
  EXPECT_TRUE(get(api));
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(KubeClient, uses_a_rotated_token_from_the_next_request_on) {
  ScriptedServer server({{"200 OK", "", ""}, {"200 OK", "", ""}});
  auto api = client(server);
  EXPECT_TRUE(get(api));
  dir_.rotate("second");
  EXPECT_TRUE(get(api));
  EXPECT_THAT(server.requests()[1], HasSubstr("Authorization: Bearer second\r\n"));
}

TEST_F(KubeClient, gives_up_after_a_second_401) {
  ScriptedServer server(
      {{"401 Unauthorized", "", ""}, {"401 Unauthorized", "", ""}, {"200 OK", "", ""}});
  auto api = client(server);
  const auto answer = get(api);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(api.requests(), 2U);
}

TEST_F(KubeClient, stops_waiting_when_asked_to) {
  ScriptedServer server({{"429 Too Many Requests", "Retry-After: 4\r\n", ""}});
  auto api = client(server);
  std::stop_source stop;
  const auto begin = Clock::now();
  std::thread stopper([&] {
    while (server.requests().empty() && Clock::now() - begin < 20s) std::this_thread::yield();
    stop.request_stop();
  });
  const auto answer = get(api, stop.get_token());
  stopper.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kStopping);
  EXPECT_LT(Clock::now() - begin, 2s);
}

}  // namespace
}  // namespace okg::kube
