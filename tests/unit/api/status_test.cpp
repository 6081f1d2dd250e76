#include "api/status.hpp"
#include "api/update_answer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "failed_answer.hpp"

namespace okg::api {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

Status status() {
  Status status;
  status.ready = true;
  status.missing = {{"a", "404", "SourceNotFound"}, {"b", "", "Restoring"}};
  status.live["c"] = {"v1", "https://h/c",        std::string(64, 'a'),
                      3,    results::Scope::kPod, Timestamp(milliseconds(1))};
  status.kept["c"] = {"v0", "original"};
  status.in_progress = {"id-3",
                        "v2",
                        "https://h/c",
                        "c",
                        false,
                        results::Scope::kWorkload,
                        Timestamp(milliseconds(2)),
                        "fetch"};
  status.progress = {.bytes_done = 3, .bytes_total = 7, .files_done = 1, .attempt = 2};
  status.queued = {
      {"id-4", "v1", "", "c", true, results::Scope::kPod, Timestamp(milliseconds(3)), ""}};
  auto ended = failed_answer();
  ended.record_error = ended.record_reason = "";
  status.results = {{ended,
                     Timestamp(milliseconds(4)),
                     Timestamp(milliseconds(5)),
                     {{"fetch", milliseconds(6)}, {"verify", milliseconds(0)}}}};
  status.to_be_reverted = {"d"};
  status.record_error = "away";
  status.record_reason = "ApiUnreachable";
  return status;
}

TEST(Status, is_read_back_as_it_was_written) {
  EXPECT_EQ(status_from_json(to_json(status())).value(), status());
  EXPECT_EQ(status_from_json(to_json(Status())).value(), Status());
}

TEST(Status, has_the_documented_members) {
  const auto json = to_json(status());
  for (const auto* key : {"ready", "missing", "live", "kept", "underWay", "queued", "results",
                          "toBePutBack", "recordError", "recordErrorReason"})
    EXPECT_TRUE(json.contains(key)) << key;
  EXPECT_EQ(json["results"][0]["stages"].dump(), R"({"fetchMs":6,"verifyMs":0})");
  EXPECT_FALSE(to_json(Status()).contains("toBePutBack"));
  EXPECT_TRUE(to_json(Status())["underWay"].is_null());
}

TEST(Status, masks_secrets) {
  auto secret = status();
  const std::string url = "https://u:hunter2@h/a?k=hunter2";
  secret.live["c"].url = secret.in_progress->url = secret.queued[0].url = url;
  secret.results[0].answer.url = url;
  secret.missing[0].why = *(secret.record_error = "GET " + url);
  EXPECT_EQ(to_json(secret).dump().find("hunter2"), std::string::npos);
}

TEST(Status, survives_members_of_other_types) {
  EXPECT_FALSE(status_from_json(Json("a")));
  for (const auto* key : {"ready", "missing", "live", "kept", "underWay", "queued", "toBePutBack"})
    for (const auto& value : {Json(3), Json("a"), Json{1, 2}, Json{{"a", 1}}, Json()})
      EXPECT_TRUE(status_from_json({{key, value}})) << key << value;
}

}  // namespace
}  // namespace okg::api
