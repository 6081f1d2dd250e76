#include "api/update_answer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "failed_answer.hpp"

namespace okg::api {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

TEST(UpdateAnswer, is_written_as_documented) {
  EXPECT_EQ(
      to_json(failed_answer()).dump(),
      R"({"id":"id-2","version":"v2","result":"Failed","stage":"fetch","reason":"SourceNotFound","message":"404",)"
      R"("path":"maps/1.json","url":"https://h/1.json","sha256":"","bytes":7,)"
      R"("recorded":false,"recordError":"the API server is away",)"
      R"("recordErrorReason":"ApiUnreachable","durationMs":12})");
}

TEST(UpdateAnswer, is_read_back_as_it_was_written) {
  EXPECT_EQ(answer_from_json(to_json(failed_answer())).value(), failed_answer());
  auto recorded = failed_answer();
  recorded.recorded = true;
  recorded.record_error = recorded.record_reason = "";
  EXPECT_EQ(answer_from_json(to_json(recorded)).value(), recorded);
}

TEST(UpdateAnswer, names_its_warnings) {
  auto warned = failed_answer();
  warned.warnings = {{"SourceAddressExpires", "soon"}};
  const auto json = to_json(warned);
  EXPECT_EQ(json["warnings"].dump(), R"([{"reason":"SourceAddressExpires","message":"soon"}])");
  EXPECT_EQ(answer_from_json(json).value(), warned);
}

TEST(UpdateAnswer, masks_secrets) {
  auto secret = failed_answer();
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

TEST(UpdateResult, is_read_back_as_it_was_written) {
  for (const auto result :
       {UpdateResult::kSucceeded, UpdateResult::kUnchanged, UpdateResult::kFailed,
        UpdateResult::kRolledBack, UpdateResult::kCancelled, UpdateResult::kAccepted})
    EXPECT_EQ(parse_update_result(to_string(result)).value(), result);
}

TEST(UpdateResult, refuses_another_word) {
  for (const auto* word : {"", "succeeded", "Fine"})
    EXPECT_EQ(parse_update_result(word).error().message,
              "'" + std::string(word) + "' is not the result of an update");
}

}  // namespace
}  // namespace okg::api
