#include "plugins/hot_update/ledger/ledger_json.hpp"

#include <stdexcept>
#include <utility>

namespace okg::hot_update {

using Json = nlohmann::json;

namespace {

std::int64_t number_of(const Json& json) {
  if (!json.is_number_integer())
    throw std::invalid_argument(json.dump() + " is not a whole number");
  return json;
}

Json time_json(Timestamp time) { return time.time_since_epoch().count(); }
Timestamp time_of(const Json& json) {
  return Timestamp(std::chrono::microseconds(number_of(json)));
}

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

std::uint64_t count_of(const Json& json) {
  if (!json.is_number_unsigned()) throw std::invalid_argument(json.dump() + " is not a count");
  return json;
}

Json to_json(const LiveFile& file) {
  return {{"version", file.entry.version},
          {"url", file.entry.url},
          {"sha256", file.entry.sha256 ? Json(file.entry.sha256->hex()) : Json()},
          {"scope", results::to_string(file.entry.scope)},
          {"requestedAt", time_json(file.entry.requested_at)},
          {"bytes", file.bytes},
          {"etag", file.etag},
          {"lastModified", file.last_modified}};
}

LiveFile live_of(const Json& json) {
  LiveFile file;
  file.entry.version = json.at("version");
  file.entry.url = json.at("url");
  if (!json.at("sha256").is_null())
    file.entry.sha256 = Sha256::parse(json.at("sha256").get<std::string>()).value();
  file.entry.scope = results::parse_scope(json.at("scope").get<std::string>()).value();
  file.entry.requested_at = time_of(json.at("requestedAt"));
  file.bytes = count_of(json.at("bytes"));
  file.etag = json.at("etag");
  file.last_modified = json.at("lastModified");
  return file;
}

Json to_json(const KeptFile& kept) {
  return {
      {"path", kept.path}, {"name", kept.name}, {"was", kept.was ? to_json(*kept.was) : Json()}};
}

KeptFile kept_of(const Json& json) {
  KeptFile kept{json.at("path"), json.at("name"), {}};
  if (!json.at("was").is_null()) kept.was = live_of(json.at("was"));
  return kept;
}

Json to_json(const Pending& pending) {
  return {{"seq", pending.seq},
          {"path", pending.path},
          {"next", to_json(pending.next)},
          {"previous", pending.previous ? to_json(*pending.previous) : Json()},
          {"used", pending.used},
          {"link", pending.link},
          {"answered", pending.is_answered}};
}

Pending pending_of(const Json& json) {
  Pending pending{
      count_of(json.at("seq")), json.at("path"),        live_of(json.at("next")),     {},
      json.value("used", ""),   json.value("link", ""), json.value("answered", false)};
  if (!json.at("previous").is_null()) pending.previous = kept_of(json.at("previous"));
  return pending;
}

Json to_json(const Outcome& outcome) {
  Json stages = Json::array();
  for (const auto& [stage, duration] : outcome.stages) stages.push_back({stage, duration.count()});
  return {{"seq", outcome.seq},
          {"kind", static_cast<int>(outcome.kind)},
          {"stage", outcome.stage},
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
          {"warnings", to_json(outcome.warnings)},
          {"error", static_cast<int>(outcome.error)}};
}

Outcome outcome_of(const Json& json) {
  Outcome outcome;
  outcome.seq = count_of(json.at("seq"));
  outcome.kind = static_cast<OutcomeKind>(number_of(json.at("kind")));
  outcome.stage = json.at("stage");
  outcome.message = json.at("message");
  outcome.version = json.at("version");
  outcome.url = json.at("url");
  outcome.path = json.at("path");
  outcome.sha256 = json.at("sha256");
  outcome.bytes = count_of(json.at("bytes"));
  outcome.requested_at = time_of(json.at("requestedAt"));
  outcome.finished_at = time_of(json.at("finishedAt"));
  outcome.duration = std::chrono::milliseconds(number_of(json.at("durationMs")));
  for (const auto& stage : json.value("stages", Json::array()))
    outcome.stages.push_back({stage.at(0), std::chrono::milliseconds(number_of(stage.at(1)))});
  outcome.warnings = warnings_of(json.value("warnings", Json::array()));
  outcome.error = static_cast<ErrorCode>(number_of(json.at("error")));
  return outcome;
}

Json to_json(const UpdateEnd& end, std::size_t keep_versions) {
  return {{"outcome", to_json(end.outcome)},
          {"live", end.live ? to_json(*end.live) : Json()},
          {"kept", end.kept ? to_json(*end.kept) : Json()},
          {"used", end.used},
          {"staysPending", end.stays_pending},
          {"keepVersions", keep_versions}};
}

UpdateEnd end_of(const Json& json) {
  UpdateEnd end{outcome_of(json.at("outcome")),
                {},
                {},
                json.value("used", ""),
                json.value("staysPending", false)};
  if (!json.at("live").is_null()) end.live = live_of(json.at("live"));
  if (!json.at("kept").is_null()) end.kept = kept_of(json.at("kept"));
  return end;
}

}  // namespace okg::hot_update
