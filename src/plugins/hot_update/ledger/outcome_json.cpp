#include "plugins/hot_update/ledger/outcome_json.hpp"

#include <array>
#include <chrono>
#include <string>

#include "plugins/hot_update/ledger/numbers_json.hpp"

namespace okg::hot_update {

using Json = nlohmann::json;

namespace {

Json to_json(const Warnings& warnings) {
  Json list = Json::array();
  for (const auto& [reason, message] : warnings) list.push_back({reason, message});
  return list;
}
Warnings warnings_of(const Json& json) {
  Warnings warnings;
  for (const auto& warning : json) warnings.push_back({warning.at(0), warning.at(1)});
  return warnings;
}

}  // namespace

Json to_json(const Outcome& outcome) {
  Json stages = Json::array();
  for (const auto& [stage, duration] : outcome.stages)
    stages.push_back({to_string(stage), duration.count()});
  Json json{{"seq", outcome.seq},
            {"kind", to_string(outcome.kind)},
            {"stage", to_string(outcome.stage)},
            {"message", outcome.message},
            {"version", outcome.version},
            {"url", outcome.url},
            {"path", outcome.path},
            {"sha256", outcome.sha256},
            {"bytes", outcome.bytes},
            {"requestedAt", time_json(outcome.requested_at)},
            {"finishedAt", time_json(outcome.finished_at)},
            {"durationMs", outcome.duration.count()},
            {"stages", std::move(stages)},
            {"warnings", to_json(outcome.warnings)}};
  if (outcome.files) json["files"] = *outcome.files;
  if (!outcome.exchanged.empty()) json["exchanged"] = outcome.exchanged;
  if (!outcome.caller.empty()) json["caller"] = outcome.caller;
  if (!outcome.id.empty()) json["id"] = outcome.id;
  if (!outcome.idempotency_key.empty()) {
    json["idempotencyKey"] = outcome.idempotency_key;
    json["requestDigest"] = outcome.request_digest;
  }
  if (outcome.error) json["error"] = to_string(*outcome.error);
  if (outcome.reason != Reason::kNone) json["reason"] = to_string(outcome.reason);
  return json;
}

namespace {

/// Words of newer releases, and numbers unknown to 0.1.0, count as a failure.
OutcomeKind kind_of(const Json& json) {
  if (json.is_string())
    return parse_outcome_kind(json.get<std::string>()).value_or(OutcomeKind::kFailed);
  // 0.1.0 wrote the position of the kind.
  constexpr std::array kKinds{OutcomeKind::kSucceeded, OutcomeKind::kUnchanged,
                              OutcomeKind::kFailed, OutcomeKind::kRolledBack};
  const auto position = count_of(json);
  return position < kKinds.size() ? kKinds.at(position) : OutcomeKind::kFailed;
}

ErrorCode error_of(const Json& json) {
  if (json.is_string())
    return parse_error_code(json.get<std::string>()).value_or(ErrorCode::kInternal);
  // 0.1.0 wrote the position of the code.
  constexpr std::array kCodes{ErrorCode::kInvalid,  ErrorCode::kNotFound,    ErrorCode::kForbidden,
                              ErrorCode::kConflict, ErrorCode::kUnavailable, ErrorCode::kTimeout,
                              ErrorCode::kUpstream, ErrorCode::kRefused,     ErrorCode::kNoSpace,
                              ErrorCode::kStopping, ErrorCode::kInternal};
  const auto position = count_of(json);
  return position < kCodes.size() ? kCodes.at(position) : ErrorCode::kInternal;
}

Stage stage_of(const Json& json) {
  return parse_stage(json.get<std::string>()).value_or(Stage::kRequest);
}

bool has_failed(OutcomeKind kind) {
  return kind == OutcomeKind::kFailed || kind == OutcomeKind::kRolledBack ||
         kind == OutcomeKind::kCancelled;
}

}  // namespace

Outcome outcome_of(const Json& json) {
  Outcome outcome;
  outcome.seq = count_of(json.at("seq"));
  // Releases before ids named an update by its number.
  outcome.id = json.value("id", std::to_string(outcome.seq));
  outcome.idempotency_key = json.value("idempotencyKey", std::string());
  outcome.request_digest = json.value("requestDigest", std::string());
  outcome.kind = kind_of(json.at("kind"));
  outcome.stage = stage_of(json.at("stage"));
  outcome.message = json.at("message");
  outcome.version = json.at("version");
  outcome.url = json.at("url");
  outcome.path = json.at("path");
  outcome.sha256 = json.at("sha256");
  outcome.bytes = count_of(json.at("bytes"));
  if (const auto files = json.find("files"); files != json.end()) outcome.files = count_of(*files);
  outcome.exchanged = json.value("exchanged", std::string());
  outcome.requested_at = time_of(json.at("requestedAt"));
  outcome.finished_at = time_of(json.at("finishedAt"));
  outcome.duration = std::chrono::milliseconds(number_of(json.at("durationMs")));
  for (const auto& stage : json.value("stages", Json::array()))
    outcome.stages.push_back(
        {stage_of(stage.at(0)), std::chrono::milliseconds(number_of(stage.at(1)))});
  outcome.caller = json.value("caller", std::string());
  outcome.warnings = warnings_of(json.value("warnings", Json::array()));
  // 0.1.0 wrote a code beside every outcome.
  if (const auto error = json.find("error"); error != json.end() && has_failed(outcome.kind))
    outcome.error = error_of(*error);
  // Optional: a release before reasons wrote none,
  // and a newer one may write a word of its own.
  outcome.reason = parse_reason(json.value("reason", std::string())).value_or(Reason::kNone);
  return outcome;
}

}  // namespace okg::hot_update
