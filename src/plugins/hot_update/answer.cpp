#include "plugins/hot_update/answer.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/visible.hpp"
#include "plugins/hot_update/update/pipeline.hpp"

namespace okg::hot_update {

using Json = nlohmann::ordered_json;

namespace {

http::ServerResponse json_response(int status, const Json& body) {
  http::ServerResponse response;
  response.status = status;
  response.body = visible_json(body) + "\n";
  return response;
}

int status_of(const Outcome& outcome) {
  if (outcome.kind == OutcomeKind::kSucceeded || outcome.kind == OutcomeKind::kUnchanged)
    return 200;
  if (outcome.stage == "trigger" || outcome.stage == "confirm")
    return outcome.error == ErrorCode::kStopping ? 503 : 500;
  switch (outcome.error) {
    case ErrorCode::kInvalid: return 400;
    case ErrorCode::kNotFound: return outcome.stage == "request" ? 404 : 500;
    case ErrorCode::kRefused: return 422;
    case ErrorCode::kUpstream:
    case ErrorCode::kUnavailable: return 502;
    case ErrorCode::kTimeout: return 504;
    case ErrorCode::kNoSpace: return 507;
    case ErrorCode::kStopping: return 503;
    default: return 500;
  }
}

Json json_of(const Outcome& outcome) {
  return {{"version", outcome.version}, {"result", to_string(outcome.kind)},
          {"stage", outcome.stage},     {"message", outcome.message},
          {"path", outcome.path},       {"url", outcome.url},
          {"sha256", outcome.sha256},   {"bytes", outcome.bytes}};
}

Json json_of(const api::UpdateRequest& request) {
  return {{"version", request.version},
          {"url", request.url},
          {"path", request.path},
          {"rollback", request.rollback},
          {"scope", results::to_string(request.scope)},
          {"requestedAt", format_timestamp(request.requested_at)}};
}

/// What can be rolled back to: path -> versions, newest first.
Json kept_versions(const Ledger& ledger) {
  Json paths = Json::object();
  const auto kept = ledger.kept();
  for (auto each = kept.rbegin(); each != kept.rend(); ++each)
    paths[each->path].push_back(each->was ? each->was->entry.version : kOriginalVersion);
  return paths;
}

Json stages_of(const Outcome& outcome) {
  Json stages = Json::object();
  for (const auto& [stage, duration] : outcome.stages) stages[stage + "Ms"] = duration.count();
  return stages;
}

}  // namespace

http::ServerResponse answer(const Outcome& outcome, const Recorded& recorded) {
  auto body = json_of(outcome);
  body["recorded"] = recorded.written;
  if (!recorded.written) body["recordError"] = recorded.reason;
  body["durationMs"] = outcome.duration.count();
  return json_response(status_of(outcome), body);
}

http::ServerResponse accepted(const api::UpdateRequest& request) {
  return json_response(202, {{"version", request.version},
                             {"result", "Accepted"},
                             {"stage", "request"},
                             {"message", "queued; GET /hot-update tells how it ends"},
                             {"path", request.path}});
}

http::ServerResponse refused(const Error& error) {
  if (error.code == ErrorCode::kConflict) {
    auto response = http::refusal(429, error.message);
    response.headers.push_back({"Retry-After", "5"});
    return response;
  }
  return http::refusal(
      error.code == ErrorCode::kStopping || error.code == ErrorCode::kUnavailable ? 503 : 400,
      error.message);
}

http::ServerResponse status_answer(const StatusView& view) {
  Json live = Json::object();
  for (const auto& [path, file] : view.ledger.all_live())
    live[path] = {{"version", file.entry.version},
                  {"url", file.entry.url},
                  {"sha256", file.entry.sha256 ? file.entry.sha256->hex() : ""},
                  {"bytes", file.bytes},
                  {"scope", results::to_string(file.entry.scope)},
                  {"requestedAt", format_timestamp(file.entry.requested_at)}};
  Json in_progress;
  if (view.work.in_progress) {
    in_progress = json_of(*view.work.in_progress);
    in_progress["stage"] = view.work.stage;
  }
  Json queued = Json::array();
  for (const auto& request : view.work.queued) queued.push_back(json_of(request));
  const auto recorded_seq = view.ledger.recorded_seq();
  Json results = Json::array();
  for (const auto& outcome : view.ledger.history()) {
    auto result = json_of(outcome);
    result["requestedAt"] = format_timestamp(outcome.requested_at);
    result["finishedAt"] = format_timestamp(outcome.finished_at);
    result["durationMs"] = outcome.duration.count();
    result["stages"] = stages_of(outcome);
    result["recorded"] = outcome.seq <= recorded_seq;
    results.push_back(std::move(result));
  }
  Json missing = Json::array();
  for (const auto& [path, why] : view.work.missing)
    missing.push_back({{"path", path}, {"why", why}});
  Json body{{"ready", view.work.restored},
            {"missing", std::move(missing)},
            {"live", std::move(live)},
            {"kept", kept_versions(view.ledger)},
            {"underWay", std::move(in_progress)},
            {"queued", std::move(queued)},
            {"results", std::move(results)}};
  if (const auto paths = view.ledger.to_be_put_back(); !paths.empty()) body["toBePutBack"] = paths;
  if (view.record_error) body["recordError"] = *view.record_error;
  return json_response(200, body);
}

}  // namespace okg::hot_update
