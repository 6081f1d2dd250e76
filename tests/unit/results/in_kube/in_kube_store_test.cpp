#include "results/in_kube/in_kube_store.hpp"

#include <gmock/gmock.h>

#include "../../kube/scripted_server.hpp"
#include "../../kube/service_account_dir.hpp"

namespace okg::results {
namespace {

using namespace std::chrono_literals;
using kube::ScriptedServer;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const ScriptedServer::Answer kPod{
    "200 OK", "",
    R"({"kind":"Pod","metadata":{"namespace":"games","name":"game-0","ownerReferences":[
        {"apiVersion":"apps/v1","kind":"StatefulSet","name":"game","controller":true}]}})"};
const ScriptedServer::Answer kMap{
    "200 OK", "",
    R"({"kind":"ConfigMap","metadata":{"resourceVersion":"7"},"data":{"other":"1"}})"};
const ScriptedServer::Answer kFailed{"500 Internal Server Error", "",
                                     R"({"kind":"Status","code":500,"message":"webhook"})"};
const ScriptedServer::Answer kForbidden{"403 Forbidden", "", R"({"kind":"Status","code":403})"};
const ScriptedServer::Answer kTestFailed{"422 Unprocessable Entity", "",
                                         R"({"kind":"Status","code":422})"};

/// `metadata` besides its name, as JSON members.
ScriptedServer::Answer pod_of_clone_set(const std::string& name, const std::string& metadata = "") {
  return {"200 OK", "",
          R"({"kind":"Pod","metadata":{"namespace":"games","name":")" + name + R"(")" + metadata +
              R"(,"ownerReferences":[{"apiVersion":"apps.kruise.io/v1alpha1","kind":"CloneSet",
                  "name":"web","controller":true}]}})"};
}
constexpr auto kDeleted = R"(,"deletionTimestamp":"2026-01-01T00:00:00Z")";

class InKube : public ::testing::Test {
 protected:
  InKubeStore store(const ScriptedServer& server, const std::string& pod = "game-0") {
    kube::ClientSettings client;
    // No second attempt: the wait before it is longer than the call.
    client.first_delay = 60s;
    client.max_delay = 60s;
    InKubeSettings settings;
    settings.pod_namespace = "games";
    settings.pod_name = pod;
    settings.pod_cure = "name it well";
    settings.annotation_key = "example.com/result";
    return {*kube::Credentials::for_server(server.url(), dir_.path()), settings, client};
  }
  static Record record() {
    Record record;
    record.last.version = "v2";
    record.last.result = "Succeeded";
    record.last.path = "map";
    record.files["map"] = {"v2", "https://h/map", std::nullopt, Scope::kWorkload,
                           Timestamp(std::chrono::seconds(5))};
    record.latest = record.files;
    return record;
  }

  kube::ServiceAccountDir dir_{"token"};
};

TEST_F(InKube, writes_the_pod_then_its_own_key_then_the_latest) {
  ScriptedServer server({kPod, kMap, kMap, kMap});
  ASSERT_TRUE(store(server).write(record(), {}));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_THAT(requests[0], StartsWith("PATCH /api/v1/namespaces/games/pods/game-0?"));
  EXPECT_THAT(requests[1], StartsWith("GET /api/v1/namespaces/kube-system/configmaps/"));
  EXPECT_THAT(requests[2], HasSubstr(R"("games.game-0":)"));
  EXPECT_THAT(requests[3], HasSubstr("/data/_latest.games.StatefulSet.game"));
}

TEST_F(InKube, writes_the_config_map_although_the_pod_cannot_be_patched) {
  ScriptedServer server({kFailed, kPod, kMap, kMap, kMap});
  const auto written = store(server).write(record(), {});
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("webhook"));
  ASSERT_EQ(server.requests().size(), 5U);
  EXPECT_THAT(server.requests()[3], HasSubstr(R"("games.game-0":)"));
}

TEST_F(InKube, fills_nobodys_config_map_with_one_long_message) {
  ScriptedServer server({kPod, kMap, kMap, kMap});
  auto failed = record();
  failed.last.message = std::string(100'000, 'x');
  ASSERT_TRUE(store(server).write(failed, {}));
  for (const auto& request : server.requests()) EXPECT_LT(request.size(), 5000U);
}

TEST_F(InKube, stores_no_more_of_one_pod_than_its_part) {
  ScriptedServer server({kPod, kMap});
  auto large = record();
  for (int i = 0; i < 40; ++i) {
    auto entry = large.files["map"];
    entry.url = "https://h/" + std::string(8'000, 'x');
    large.files["map-" + std::to_string(i)] = large.latest["map-" + std::to_string(i)] = entry;
  }
  const auto written = store(server).write(large, {});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().reason, Reason::kConfigMapFull);
  EXPECT_THAT(written.error().message, HasSubstr("games.game-0 would take 31"));
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(InKube, moves_no_latest_beyond_its_part) {
  const std::string held = R"({\"old\":{\"version\":\"v1\",\"url\":\"https://h/)" +
                           std::string(256 * 1024, 'x') +
                           R"(\",\"requestedAt\":\"2020-01-01T00:00:00Z\"}})";
  const ScriptedServer::Answer full{
      "200 OK", "",
      R"({"kind":"ConfigMap","metadata":{"resourceVersion":"7"},"data":{"_latest.games.StatefulSet.game":")" +
          held + R"("}})"};
  ScriptedServer server({kPod, full, full});
  const auto written = store(server).write(record(), {});
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message,
              StartsWith("_latest.games.StatefulSet.game would take 256."));
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST_F(InKube, gives_the_cure_when_the_pod_is_missing) {
  const ScriptedServer::Answer missing{"404 Not Found", "", ""};
  ScriptedServer server({missing, missing, missing});
  const auto written = store(server).write(record(), {});
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("; name it well;"));
}

TEST_F(InKube, asks_no_more_of_an_api_server_that_is_away) {
  ScriptedServer server({{"", "", ""}});
  EXPECT_FALSE(store(server).write(record(), {}));
  EXPECT_LE(server.connections(), 1);
}

TEST_F(InKube, patches_the_pod_once_where_only_the_config_map_failed) {
  ScriptedServer server({kPod, kForbidden, kMap, kMap, kMap});
  auto in_kube = store(server);
  EXPECT_FALSE(in_kube.write(record(), {}));
  EXPECT_TRUE(in_kube.write(record(), {}));
  EXPECT_THAT(server.requests()[2], StartsWith("GET /api/v1/namespaces/kube-system/configmaps/"));
}

TEST_F(InKube, reads_the_latest_again_when_others_were_quicker) {
  const ScriptedServer::Answer theirs{
      "200 OK", "",
      R"({"kind":"ConfigMap","data":{"_latest.games.StatefulSet.game":"{\"other\":{}}"}})"};
  ScriptedServer server({kPod, kMap, kMap, kTestFailed, theirs, theirs});
  ASSERT_TRUE(store(server).write(record(), {}));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 6U);
  EXPECT_THAT(requests[5], HasSubstr("other"));
}

TEST_F(InKube, leaves_a_latest_alone_that_is_newer) {
  const ScriptedServer::Answer newer{
      "200 OK", "",
      R"({"kind":"ConfigMap","data":{"_latest.games.StatefulSet.game":"{\"map\":{\"version\":\"v3\",\"url\":\"u\",\"requestedAt\":\"2020-01-01T00:00:00Z\"}}"}})"};
  ScriptedServer server({kPod, newer, newer});
  ASSERT_TRUE(store(server).write(record(), {}));
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST_F(InKube, takes_out_its_own_key_when_its_pod_is_deleted_and_no_other_gets_its_name) {
  const auto deleted = pod_of_clone_set("web-x2x4z", kDeleted);
  ScriptedServer server({pod_of_clone_set("web-x2x4z"), kMap, deleted, kMap});
  auto leaving = store(server, "web-x2x4z");
  ASSERT_TRUE(leaving.read({}));
  ASSERT_TRUE(leaving.leave({}));
  ASSERT_EQ(server.requests().size(), 4U);
  EXPECT_THAT(server.requests()[3], StartsWith("PATCH /api/v1/namespaces/kube-system/configmaps/"));
  EXPECT_THAT(server.requests()[3], HasSubstr(R"({"data":{"games.web-x2x4z":null}})"));
}

TEST_F(InKube, takes_out_its_own_key_when_its_pod_is_gone_already) {
  const ScriptedServer::Answer missing{"404 Not Found", "", ""};
  ScriptedServer server({pod_of_clone_set("web-x2x4z"), kMap, missing, kMap});
  auto leaving = store(server, "web-x2x4z");
  ASSERT_TRUE(leaving.read({}));
  ASSERT_TRUE(leaving.leave({}));
  EXPECT_EQ(server.requests().size(), 4U);
}

TEST_F(InKube, has_nothing_to_take_out_where_there_is_no_config_map) {
  const ScriptedServer::Answer missing{"404 Not Found", "", ""};
  const auto deleted = pod_of_clone_set("web-x2x4z", kDeleted);
  ScriptedServer server({pod_of_clone_set("web-x2x4z"), kMap, deleted, missing});
  auto leaving = store(server, "web-x2x4z");
  ASSERT_TRUE(leaving.read({}));
  EXPECT_TRUE(leaving.leave({}));
}

TEST_F(InKube, leaves_its_key_when_its_pod_goes_on_or_is_not_known) {
  for (const auto& now : {pod_of_clone_set("web-x2x4z"), kForbidden}) {
    ScriptedServer server({pod_of_clone_set("web-x2x4z"), kMap, now});
    auto stopped = store(server, "web-x2x4z");
    ASSERT_TRUE(stopped.read({}));
    EXPECT_EQ(stopped.leave({}).has_value(), now.status != kForbidden.status);
    EXPECT_EQ(server.requests().size(), 3U);
  }
}

TEST_F(InKube, asks_nothing_at_the_end_of_a_pod_whose_name_comes_again) {
  ScriptedServer server({kPod, kMap});
  auto stopped = store(server);
  ASSERT_TRUE(stopped.read({}));
  ASSERT_TRUE(stopped.leave({}));
  EXPECT_EQ(server.requests().size(), 2U);
}

}  // namespace
}  // namespace okg::results
