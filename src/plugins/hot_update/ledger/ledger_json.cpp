#include "plugins/hot_update/ledger/ledger_json.hpp"

#include <utility>

#include "plugins/hot_update/ledger/numbers_json.hpp"
#include "plugins/hot_update/ledger/outcome_json.hpp"
#include "plugins/hot_update/ledger/seen_orders_json.hpp"
#include "plugins/hot_update/ledger/state_checks.hpp"
#include "results/tree_json.hpp"

namespace okg::hot_update {

using Json = nlohmann::json;

Json to_json(const LiveContent& file) {
  Json json{{"version", file.entry.version},
            {"url", file.entry.url},
            {"sha256", file.entry.sha256 ? Json(file.entry.sha256->hex()) : Json()},
            {"scope", results::to_string(file.entry.scope)},
            {"requestedAt", time_json(file.entry.requested_at)},
            {"bytes", file.bytes},
            {"etag", file.etag},
            {"lastModified", file.last_modified}};
  if (!file.entry.until.empty()) json["until"] = file.entry.until;
  if (file.entry.tree) json["tree"] = Json(results::to_json(*file.entry.tree));
  if (!file.entry.signature.empty()) json["signature"] = file.entry.signature;
  if (!file.index.empty()) json["index"] = file.index;
  if (!file.blake2b.empty()) json["blake2b"] = file.blake2b;
  return json;
}

namespace {

/// The validators of a source go back to it in a request's
/// head. What does not fit there is forgotten.
std::string validator_of(const Json& json) {
  auto text = json.get<std::string>();
  return is_short_text(text) ? text : std::string();
}

}  // namespace

LiveContent live_of(const Json& json) {
  LiveContent file;
  file.entry.version = json.at("version");
  file.entry.url = json.at("url");
  if (!json.at("sha256").is_null())
    file.entry.sha256 = Sha256::parse(json.at("sha256").get<std::string>()).value();
  file.entry.scope = results::parse_scope(json.at("scope").get<std::string>()).value();
  file.entry.requested_at = time_of(json.at("requestedAt"));
  file.entry.until = json.value("until", "");
  file.bytes = count_of(json.at("bytes"));
  file.etag = validator_of(json.at("etag"));
  file.last_modified = validator_of(json.at("lastModified"));
  if (const auto tree = json.find("tree"); tree != json.end())
    file.entry.tree = results::tree_from_json(*tree).value();
  file.entry.signature = json.value("signature", std::string());
  file.index = json.value("index", std::string());
  file.blake2b = json.value("blake2b", std::string());
  return file;
}

Json to_json(const KeptContent& kept) {
  Json json{
      {"path", kept.path}, {"name", kept.name}, {"was", kept.was ? to_json(*kept.was) : Json()}};
  if (kept.is_partial) json["partial"] = true;
  for (const auto& [path, file] : kept.below) json["below"][path] = to_json(file);
  if (kept.bytes) json["bytes"] = *kept.bytes;
  return json;
}

KeptContent kept_of(const Json& json) {
  KeptContent kept{json.at("path"), json.at("name"), {}};
  if (!json.at("was").is_null()) kept.was = live_of(json.at("was"));
  kept.is_partial = json.value("partial", false);
  if (const auto below = json.find("below"); below != json.end())
    for (const auto& [path, file] : below->items()) kept.below[path] = live_of(file);
  if (const auto bytes = json.find("bytes"); bytes != json.end()) kept.bytes = count_of(*bytes);
  return kept;
}

namespace {

Json to_json(const Swap& swap) {
  Json names = Json::array();
  for (const auto& [name, inode] : swap.names) names.push_back({name, inode});
  return {{"container", swap.container}, {"names", std::move(names)}};
}

Swap swap_of(const Json& json) {
  Swap swap{json.at("container"), {}};
  for (const auto& each : json.at("names"))
    swap.names.push_back({each.at(0), count_of(each.at(1))});
  return swap;
}

Json to_json(const Target& target) {
  Json json{{"path", target.path}, {"next", to_json(target.next)}};
  if (target.old.kind == OldContent::Kind::kKept) json["previous"] = to_json(target.old.kept);
  if (target.old.kind == OldContent::Kind::kSymlink) json["link"] = target.old.link;
  if (target.from_kept) json["used"] = *target.from_kept;
  if (target.swap) json["swap"] = to_json(*target.swap);
  return json;
}

/// Text that 0.1.0 wrote as empty where there was none.
std::optional<std::string> text_or_none(const Json& json, const char* name) {
  auto text = json.value(name, std::string());
  if (text.empty()) return std::nullopt;
  return text;
}

Target target_of(const Json& json) {
  Target target{json.at("path"), live_of(json.at("next")), {}, text_or_none(json, "used")};
  const auto previous = json.find("previous");
  if (previous != json.end() && !previous->is_null())
    target.old = OldContent::in_kept(kept_of(*previous));
  else if (auto link = text_or_none(json, "link"))
    target.old = OldContent::symlink(std::move(*link));
  if (const auto swap = json.find("swap"); swap != json.end()) target.swap = swap_of(*swap);
  return target;
}

Json to_json(const Moment& moment) {
  return {{"time", time_json(moment.wall)},
          {"boot", moment.boot_id},
          {"sinceBoot", moment.boot.time_since_epoch().count()}};
}

Moment moment_of(const Json& json) {
  const BootClock::duration since_boot(number_of(json.at("sinceBoot")));
  return {time_of(json.at("time")), BootTime(since_boot), json.at("boot")};
}

}  // namespace

Json to_json(const Intent& intent) {
  Json targets = Json::array();
  for (const auto& target : intent.targets) targets.push_back(to_json(target));
  Json json{
      {"seq", intent.seq}, {"targets", std::move(targets)}, {"needsRevert", intent.needs_revert}};
  if (intent.at) json["intendedAt"] = to_json(*intent.at);
  return json;
}

Intent intent_of(const Json& json) {
  Intent intent{count_of(json.at("seq")), {}, false};
  if (const auto at = json.find("intendedAt"); at != json.end()) intent.at = moment_of(*at);
  if (const auto targets = json.find("targets"); targets != json.end()) {
    for (const auto& target : *targets) intent.targets.push_back(target_of(target));
    intent.needs_revert = json.at("needsRevert");
  } else {  // 0.1.0: one path, spelled beside the number
    intent.targets.push_back(target_of(json));
    intent.needs_revert = json.value("answered", false);
  }
  return intent;
}

namespace {

Json to_json(const PathEnd& end) {
  Json json{{"path", end.path}};
  if (end.live) json["live"] = to_json(*end.live);
  if (end.kept) json["kept"] = to_json(*end.kept);
  if (end.used_kept) json["used"] = *end.used_kept;
  return json;
}

PathEnd path_end_of(const Json& json, std::string path) {
  PathEnd end{std::move(path), {}, {}, text_or_none(json, "used")};
  const auto live = json.find("live");
  if (live != json.end() && !live->is_null()) end.live = live_of(*live);
  const auto kept = json.find("kept");
  if (kept != json.end() && !kept->is_null()) end.kept = kept_of(*kept);
  return end;
}

}  // namespace

Json to_json(const UpdateEnd& end, std::size_t keep_versions) {
  Json paths = Json::array();
  for (const auto& path : end.paths) paths.push_back(to_json(path));
  Json json{{"outcome", to_json(end.outcome)},
            {"paths", std::move(paths)},
            {"needsRevert", end.needs_revert},
            {"keepVersions", keep_versions}};
  if (!end.dropped_kept.empty()) json["dropped"] = end.dropped_kept;
  return json;
}

UpdateEnd end_of(const Json& json) {
  UpdateEnd end{outcome_of(json.at("outcome")), {}, false};
  if (const auto paths = json.find("paths"); paths != json.end()) {
    for (const auto& path : *paths) end.paths.push_back(path_end_of(path, path.at("path")));
    end.needs_revert = json.at("needsRevert");
    end.dropped_kept = json.value("dropped", std::vector<std::string>());
  } else {  // 0.1.0: the outcome's one path
    end.paths.push_back(path_end_of(json, end.outcome.path));
    end.needs_revert = json.value("staysPending", false);
  }
  return end;
}

Json header_line() { return {{"format", kJournalFormat}, {"version", kJournalVersion}}; }
Json started_line(const Outcome& in_progress) { return {{"start", to_json(in_progress)}}; }
Json intent_line(const Intent& intent) { return {{"begin", to_json(intent)}}; }
Json ended_line(const UpdateEnd& end, std::size_t keep_versions) {
  return {{"end", to_json(end, keep_versions)}};
}
Json recorded_line(std::uint64_t seq) { return {{"recorded", seq}}; }

namespace {

template <class List>
Json list_of(const List& list) {
  Json json = Json::array();
  for (const auto& each : list) json.push_back(to_json(each));
  return json;
}

}  // namespace

Json to_line(const LedgerState& state) {
  Json live = Json::object();
  for (const auto& [path, file] : state.live) live[path] = to_json(file);
  Json line{{"state",
             {{"lastSeq", state.last_seq},
              {"recordedSeq", state.recorded_seq},
              {"live", std::move(live)},
              {"kept", list_of(state.kept)},
              {"started", list_of(state.started)},
              {"pending", list_of(state.intents)},
              {"history", list_of(state.history)}}}};
  if (state.orders != SeenOrders{}) line["state"]["orders"] = to_json(state.orders);
  if (!state.observed.empty()) line["state"]["observed"] = state.observed;
  return line;
}

LedgerState state_of(const Json& json) {
  LedgerState state;
  state.last_seq = count_of(json.at("lastSeq"));
  state.recorded_seq = count_of(json.at("recordedSeq"));
  for (const auto& [path, file] : json.at("live").items()) state.live[path] = live_of(file);
  for (const auto& kept : json.at("kept")) state.kept.push_back(kept_of(kept));
  for (const auto& outcome : json.at("started")) state.started.push_back(outcome_of(outcome));
  for (const auto& update : json.at("pending")) state.intents.push_back(intent_of(update));
  for (const auto& outcome : json.at("history")) state.history.push_back(outcome_of(outcome));
  if (const auto orders = json.find("orders"); orders != json.end())
    state.orders = seen_orders_of(*orders);
  state.observed = json.value("observed", std::string());
  return state;
}

}  // namespace okg::hot_update
