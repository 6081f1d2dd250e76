#include "api/update_answer.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "api/json_reader.hpp"
#include "base/text/secret.hpp"
#include "base/text/words.hpp"

namespace okg::api {
namespace {

constexpr Word<UpdateResult> kWords[]{
    {UpdateResult::kSucceeded, "Succeeded"}, {UpdateResult::kUnchanged, "Unchanged"},
    {UpdateResult::kFailed, "Failed"},       {UpdateResult::kRolledBack, "RolledBack"},
    {UpdateResult::kCancelled, "Cancelled"}, {UpdateResult::kAccepted, "Accepted"},
};

}  // namespace

Result<UpdateResult> parse_update_result(std::string_view text) {
  if (const auto result = value_of(text, kWords)) return *result;
  return fail(ErrorCode::kInvalid, "'", text, "' is not the result of an update");
}

std::string_view to_string(UpdateResult result) { return word_of(result, kWords); }

Json to_json(const UpdateAnswer& answer) {
  Json json{{"id", answer.id},
            {"version", answer.version},
            {"result", to_string(answer.result)},
            {"stage", answer.stage}};
  if (!answer.reason.empty()) json["reason"] = answer.reason;
  json["message"] = redact(answer.message);
  json["path"] = answer.path;
  if (answer.result == UpdateResult::kAccepted) return json;
  json["url"] = redact_url(answer.url);
  json["sha256"] = answer.sha256;
  json["bytes"] = answer.bytes;
  if (answer.files) json["files"] = *answer.files;
  if (!answer.exchanged.empty()) json["exchanged"] = answer.exchanged;
  json["recorded"] = answer.recorded;
  if (!answer.recorded) {
    json["recordError"] = redact(answer.record_error);
    json["recordErrorReason"] = answer.record_reason;
  }
  json["durationMs"] = answer.duration.count();
  if (!answer.caller.empty()) json["caller"] = answer.caller;
  for (const auto& [reason, message] : answer.warnings)
    json["warnings"].push_back({{"reason", reason}, {"message", redact(message)}});
  return json;
}

Result<UpdateAnswer> answer_from_json(const Json& json) {
  if (!json.is_object()) return fail(ErrorCode::kInvalid, "the answer is not a JSON object");
  auto result = parse_update_result(text_of(json, "result"));
  if (!result) return result.error();
  UpdateAnswer answer;
  answer.id = text_of(json, "id");
  answer.version = text_of(json, "version");
  answer.result = *result;
  answer.stage = text_of(json, "stage");
  answer.reason = text_of(json, "reason");
  answer.message = text_of(json, "message");
  answer.path = text_of(json, "path");
  answer.url = text_of(json, "url");
  answer.sha256 = text_of(json, "sha256");
  answer.bytes = count_of(json, "bytes");
  if (json.contains("files")) answer.files = count_of(json, "files");
  answer.exchanged = text_of(json, "exchanged");
  answer.recorded = flag_of(json, "recorded");
  answer.record_error = text_of(json, "recordError");
  answer.record_reason = text_of(json, "recordErrorReason");
  answer.duration = std::chrono::milliseconds(count_of(json, "durationMs"));
  answer.caller = text_of(json, "caller");
  for (const auto& warning : member_of(json, "warnings"))
    answer.warnings.push_back({text_of(warning, "reason"), text_of(warning, "message")});
  return answer;
}

Json to_json(const ForgetAnswer& answer) {
  return {{"result", to_string(UpdateResult::kSucceeded)},
          {"stage", "request"},
          {"message",
           "new pods keep the content of their image at these paths; pods that run "
           "keep what is live"},
          {"paths", answer.paths}};
}

Result<ForgetAnswer> forget_from_json(const Json& json) {
  auto answer = answer_from_json(json);
  if (!answer) return answer.error();
  if (answer->result != UpdateResult::kSucceeded) return fail(ErrorCode::kInvalid, answer->message);
  ForgetAnswer forgotten;
  for (const auto& path : member_of(json, "paths"))
    if (path.is_string()) forgotten.paths.insert(path.get<std::string>());
  return forgotten;
}

}  // namespace okg::api
