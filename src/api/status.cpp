#include "api/status.hpp"

#include <nlohmann/json.hpp>

#include "api/json_reader.hpp"
#include "base/text/secret.hpp"
#include "results/tree_json.hpp"

namespace okg::api {
namespace {

constexpr std::string_view kStageSuffix = "Ms";

results::Scope scope_of(const Json& object) {
  return results::parse_scope(text_of(object, "scope")).value_or(results::Scope::kWorkload);
}

Json to_json(const LiveContent& live) {
  Json json{{"version", live.version},
            {"url", redact_url(live.url)},
            {"sha256", live.sha256},
            {"bytes", live.bytes},
            {"scope", results::to_string(live.scope)},
            {"requestedAt", format_timestamp(live.requested_at)}};
  if (live.tree) json["tree"] = results::to_json(*live.tree);
  return json;
}

LiveContent live_from(const Json& json) {
  LiveContent live{text_of(json, "version"), text_of(json, "url"), text_of(json, "sha256"),
                   count_of(json, "bytes"),  scope_of(json),       time_of(json, "requestedAt")};
  if (const auto tree = results::tree_from_json(member_of(json, "tree"))) live.tree = *tree;
  return live;
}

/// The texts of a list; other values are left out.
std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  for (const auto& each : list)
    if (each.is_string()) texts.push_back(each.get<std::string>());
  return texts;
}

}  // namespace

Json to_json(const OpenUpdate& update) {
  return {{"id", update.id},
          {"version", update.version},
          {"url", redact_url(update.url)},
          {"path", update.path},
          {"rollback", update.rollback},
          {"scope", results::to_string(update.scope)},
          {"requestedAt", format_timestamp(update.requested_at)}};
}

OpenUpdate open_from_json(const Json& json) {
  return {text_of(json, "id"),          text_of(json, "version"),  text_of(json, "url"),
          text_of(json, "path"),        flag_of(json, "rollback"), scope_of(json),
          time_of(json, "requestedAt"), text_of(json, "stage")};
}

namespace {

Json to_json(const std::vector<MissingFile>& files) {
  auto json = Json::array();
  for (const auto& [path, why, reason] : files)
    json.push_back({{"path", path}, {"reason", reason}, {"why", redact(why)}});
  return json;
}

std::vector<MissingFile> missing_from(const Json& json) {
  std::vector<MissingFile> files;
  for (const auto& each : json)
    files.push_back({text_of(each, "path"), text_of(each, "why"), text_of(each, "reason")});
  return files;
}

}  // namespace

Json to_json(const EndedUpdate& update) {
  auto json = to_json(update.answer);
  json.erase("recordErrorReason");
  json.erase("recordError");  // the status has one for all
  json["requestedAt"] = format_timestamp(update.requested_at);
  json["finishedAt"] = format_timestamp(update.finished_at);
  auto stages = Json::object();
  for (const auto& [stage, duration] : update.stages)
    stages[stage + std::string(kStageSuffix)] = duration.count();
  json["stages"] = std::move(stages);
  return json;
}

Result<EndedUpdate> ended_from_json(const Json& json) {
  auto answer = answer_from_json(json);
  if (!answer) return answer.error();
  EndedUpdate update;
  update.answer = std::move(*answer);
  update.requested_at = time_of(json, "requestedAt");
  update.finished_at = time_of(json, "finishedAt");
  const auto& stages = member_of(json, "stages");
  for (const auto& [name, duration] : stages.items())
    if (name.ends_with(kStageSuffix))
      update.stages.emplace_back(name.substr(0, name.size() - kStageSuffix.size()),
                                 count_of(stages, name.c_str()));
  return update;
}

Json to_json(const Status& status) {
  auto live = Json::object();
  for (const auto& [path, content] : status.live) live[path] = to_json(content);
  auto kept = Json::object();
  for (const auto& [path, versions] : status.kept) kept[path] = versions;
  auto queued = Json::array();
  Json in_progress;
  if (status.in_progress) {
    in_progress = to_json(*status.in_progress);
    in_progress["stage"] = status.in_progress->stage;
    add(status.progress, in_progress);
  }
  for (const auto& each : status.queued) queued.push_back(to_json(each));
  auto ended = Json::array();
  for (const auto& each : status.results) ended.push_back(to_json(each));
  Json json{{"ready", status.ready},
            {"missing", to_json(status.missing)},
            {"live", std::move(live)},
            {"kept", std::move(kept)},
            {"underWay", std::move(in_progress)},
            {"queued", std::move(queued)},
            {"results", std::move(ended)}};
  if (!status.ignored.empty()) json["ignored"] = to_json(status.ignored);
  if (!status.to_be_reverted.empty()) json["toBePutBack"] = status.to_be_reverted;
  if (status.record_error) json["recordError"] = redact(*status.record_error);
  if (!status.record_reason.empty()) json["recordErrorReason"] = status.record_reason;
  for (const auto& [reason, message] : status.warnings)
    json["warnings"].push_back({{"reason", reason}, {"message", redact(message)}});
  return json;
}

Result<Status> status_from_json(const Json& json) {
  if (!json.is_object()) return fail(ErrorCode::kInvalid, "the status is not a JSON object");
  Status status;
  status.ready = flag_of(json, "ready");
  status.missing = missing_from(member_of(json, "missing"));
  status.ignored = missing_from(member_of(json, "ignored"));
  for (const auto& [path, each] : member_of(json, "live").items())
    status.live.emplace(path, live_from(each));
  for (const auto& [path, versions] : member_of(json, "kept").items())
    status.kept.emplace(path, texts_of(versions));
  if (const auto& open = member_of(json, "underWay"); open.is_object()) {
    status.in_progress = open_from_json(open);
    status.progress = progress_from(open);
  }
  for (const auto& each : member_of(json, "queued")) status.queued.push_back(open_from_json(each));
  for (const auto& each : member_of(json, "results")) {
    auto ended = ended_from_json(each);
    if (!ended) return ended.error();
    status.results.push_back(std::move(*ended));
  }
  for (auto& path : texts_of(member_of(json, "toBePutBack"))) status.to_be_reverted.insert(path);
  for (const auto& warning : member_of(json, "warnings"))
    status.warnings.push_back({text_of(warning, "reason"), text_of(warning, "message")});
  if (const auto& error = member_of(json, "recordError"); error.is_string())
    status.record_error = error.get<std::string>();
  status.record_reason = text_of(json, "recordErrorReason");
  return status;
}

}  // namespace okg::api
