#include "api/status.hpp"
#include "api/update_answer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace okg::api {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

UpdateAnswer answer() {
  return {"id-2",
          "v2",
          UpdateResult::kFailed,
          "fetch",
          "SourceNotFound",
          "404",
          "maps/1.json",
          "https://h/1.json",
          "",
          7,
          {},
          {},
          false,
          "the API server is away",
          "ApiUnreachable",
          milliseconds(12),
          {}};
}

TEST(UpdateAnswer, is_written_as_documented) {
  EXPECT_EQ(
      to_json(answer()).dump(),
      R"({"id":"id-2","version":"v2","result":"Failed","stage":"fetch","reason":"SourceNotFound","message":"404",)"
      R"("path":"maps/1.json","url":"https://h/1.json","sha256":"","bytes":7,)"
      R"("recorded":false,"recordError":"the API server is away",)"
      R"("recordErrorReason":"ApiUnreachable","durationMs":12})");
}

TEST(UpdateAnswer, is_read_back_as_it_was_written) {
  EXPECT_EQ(answer_from_json(to_json(answer())).value(), answer());
  auto recorded = answer();
  recorded.recorded = true;
  recorded.record_error = recorded.record_reason = "";
  EXPECT_EQ(answer_from_json(to_json(recorded)).value(), recorded);
}

TEST(UpdateAnswer, names_its_warnings) {
  auto warned = answer();
  warned.warnings = {{"SourceAddressExpires", "soon"}};
  const auto json = to_json(warned);
  EXPECT_EQ(json["warnings"].dump(), R"([{"reason":"SourceAddressExpires","message":"soon"}])");
  EXPECT_EQ(answer_from_json(json).value(), warned);
}

TEST(UpdateAnswer, masks_secrets) {
  auto secret = answer();
  secret.url = "https://u:hunter2@h/a?k=hunter2";
  secret.message = "GET https://u:hunter2@h/a?k=hunter2: 404";
  secret.record_error = secret.message;
  EXPECT_EQ(to_json(secret).dump().find("hunter2"), std::string::npos);
}

TEST(UpdateAnswer, keeps_defaults_for_what_is_missing_and_refuses_what_is_no_answer) {
  EXPECT_EQ(answer_from_json({{"result", "Succeeded"}})->version, "");
  for (const auto& json :
       {Json(), Json("a"), Json::object(), Json{{"result", "Fine"}}, Json{{"result", 3}}})
    EXPECT_FALSE(answer_from_json(json)) << json;
}

TEST(ForgetAnswer, is_read_back_as_it_was_written) {
  const ForgetAnswer answer{{"a", "maps/1.json"}};
  EXPECT_EQ(forget_from_json(to_json(answer)).value(), answer);
  const Json refused{{"result", "Failed"}, {"message", "no path"}};
  EXPECT_EQ(forget_from_json(refused).error().message, "no path");
}

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
  auto ended = answer();
  ended.record_error = ended.record_reason = "";
  status.results = {{ended,
                     Timestamp(milliseconds(4)),
                     Timestamp(milliseconds(5)),
                     {{"fetch", milliseconds(6)}, {"verify", milliseconds(0)}}}};
  status.to_be_put_back = {"d"};
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
