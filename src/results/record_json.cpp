#include "results/record_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/json_members.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/text/secret.hpp"
#include "results/tree_json.hpp"

namespace okg::results {
namespace {

// Members keep the order they are written in: what operators
// look for comes first, `kubectl describe` shows 140 characters.
using Json = nlohmann::ordered_json;

/// Messages may quote what a server or a file system said, which need not be UTF-8.
std::string dump(const Json& object) { return to_text(object); }

Json to_json(const Entry& entry, bool with_scope) {
  Json object = {{"version", entry.version},
                 {"url", entry.url},
                 {"requestedAt", format_timestamp(entry.requested_at)}};
  if (entry.sha256) object["sha256"] = entry.sha256->hex();
  if (!entry.until.empty()) object["until"] = entry.until;
  if (entry.tree) object["tree"] = to_json(*entry.tree);
  if (!entry.signature.empty()) object["signature"] = entry.signature;
  if (with_scope) object["scope"] = to_string(entry.scope);
  return object;
}

Result<Entry> file_entry(const Json& object) {
  if (!object.is_object()) return fail(ErrorCode::kInvalid, "not a JSON object");
  Entry entry;
  entry.version = text_of(object, "version");
  entry.url = text_of(object, "url");
  if (entry.version.empty() || !object.contains("url"))
    return fail(ErrorCode::kInvalid, "version or url is missing");
  if (const auto hex = text_of(object, "sha256"); !hex.empty()) {
    const auto sha256 = Sha256::parse(hex);
    if (!sha256) return sha256.error();
    entry.sha256 = *sha256;
  }
  if (const auto name = text_of(object, "scope"); !name.empty()) {
    const auto scope = parse_scope(name);
    if (!scope) return scope.error();
    entry.scope = *scope;
  }
  if (const auto found = object.find("tree"); found != object.end()) {
    auto tree = tree_from_json(*found);
    if (!tree) return tree.error();
    entry.tree = std::move(*tree);
  }
  const auto requested_at = parse_timestamp(text_of(object, "requestedAt"));
  if (!requested_at) return requested_at.error().in("requestedAt");
  if (is_too_far_ahead(*requested_at, now()))
    return fail(ErrorCode::kInvalid, "requestedAt ", format_timestamp(*requested_at),
                " is in the future; send the update again, or forget it");
  entry.requested_at = *requested_at;
  entry.until = text_of(object, "until");
  entry.signature = text_of(object, "signature");
  return entry;
}

/// True for the entry of a forgotten path in the latest:
/// {"forgotten":true,"requestedAt":…}. It keeps earlier requests
/// from coming back, from pods that still run them.
bool is_forgotten(const Json& object) { return flag_of(object, "forgotten"); }

/// The epoch where there is no time that can be meant.
Timestamp requested_at_of(const Json& object) {
  const auto time = parse_timestamp(text_of(object, "requestedAt")).value_or(Timestamp{});
  return is_too_far_ahead(time, now()) ? Timestamp{} : time;
}

Entries files(const Json& object, Ignored& ignored) {
  Entries result;
  if (!object.is_object()) return result;
  for (const auto& [path, value] : object.items()) {
    if (is_forgotten(value)) continue;
    if (auto entry = file_entry(value)) {
      result.emplace(path, *std::move(entry));
    } else {
      ignore(ignored, path, entry.error());
    }
  }
  return result;
}

/// `newer` asks for what `known` asked for just before.
bool is_one_rollout(const Entry& known, const Entry& newer) {
  return known.version == newer.version && known.url == newer.url && known.sha256 == newer.sha256 &&
         newer.requested_at - known.requested_at < kOneRollout;
}

Result<Json> parse_object(std::string_view input) {
  if (input.size() > kMaxEntryBytes)
    return fail(ErrorCode::kInvalid, "longer than ", kMaxEntryBytes >> 20U, " MiB");
  auto object = parse_ordered_json(input);
  if (object && !object->is_object()) return fail(ErrorCode::kInvalid, "not a JSON object");
  return object;
}

/// Operators read this. A restore reads the URL of
/// the file's own entry, which is whole.
Json last_to_json(const LastResult& last) {
  Json object{{"version", last.version},         {"result", last.result},
              {"message", redact(last.message)}, {"url", redact_url(last.url)},
              {"sha256", last.sha256},           {"updatedAt", format_timestamp(last.updated_at)}};
  if (!last.reason.empty()) object["reason"] = last.reason;
  if (!last.caller.empty()) object["caller"] = last.caller;
  if (!last.id.empty()) object["id"] = last.id;
  return object;
}

}  // namespace

void ignore(Ignored& ignored, const std::string& path, const Error& why) {
  log::warn(
      "what is stored is not readable and ignored",
      {{"path", path}, {"reason", to_string(Reason::kRecordUnreadable)}, {"error", why.message}});
  const auto [held, is_new] = ignored.emplace(path, why.because(Reason::kRecordUnreadable));
  if (!is_new) append_listed(held->second.message, "; ", why.message);
}

std::string format_pod_entry(const PodEntry& entry) {
  Json object = last_to_json(entry.last);
  object["path"] = entry.last.path;
  if (!entry.workload.empty()) object["workload"] = entry.workload;
  Json& all = object["files"] = Json::object();
  for (const auto& [path, file] : entry.files) all[path] = to_json(file, true);
  return dump(object);
}

Result<PodEntry> parse_pod_entry(std::string_view input) {
  const auto object = parse_object(input);
  if (!object) return object.error();
  PodEntry entry;
  entry.last = {text_of(*object, "version"),
                text_of(*object, "result"),
                text_of(*object, "message"),
                text_of(*object, "url"),
                text_of(*object, "path"),
                text_of(*object, "sha256"),
                {},
                text_of(*object, "reason")};
  if (const auto updated_at = parse_timestamp(text_of(*object, "updatedAt")))
    entry.last.updated_at = *updated_at;
  entry.last.caller = text_of(*object, "caller");
  entry.last.id = text_of(*object, "id");
  entry.workload = text_of(*object, "workload");
  if (const auto found = object->find("files"); found != object->end())
    entry.files = files(*found, entry.ignored);
  return entry;
}

std::string format_annotation(const LastResult& last) { return dump(last_to_json(last)); }

Result<Entries> parse_latest(std::string_view input, Ignored& ignored) {
  const auto object = parse_object(input);
  if (!object) return object.error();
  return files(*object, ignored);
}

namespace {

/// Entries of paths that the folder now stands for: a tree, or what the pod came with.
void drop_what_is_in(const std::string& folder, const Entry& entry, Json& object) {
  for (auto each = object.begin(); each != object.end();) {
    const bool is_replaced =
        is_in_tree(each.key(), folder) && requested_at_of(*each) <= entry.requested_at;
    each = is_replaced ? object.erase(each) : std::next(each);
  }
}

/// True when a folder above it was asked for later:
/// a pod that is behind does not bring it back.
bool is_replaced(const std::string& path, const Entry& entry, const Json& object) {
  for (const auto& [folder, held] : object.items()) {
    if (!is_in_tree(path, folder) || is_forgotten(held)) continue;
    const auto known = file_entry(held);
    if (known && known->requested_at >= entry.requested_at) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> advance_latest(std::string_view current, const Entries& wanted) {
  auto parsed = parse_object(current);
  Json object = parsed ? *std::move(parsed) : Json::object();
  bool moved = false;
  for (const auto& [path, entry] : wanted) {
    if (is_too_far_ahead(entry.requested_at, now()) || is_replaced(path, entry, object)) continue;
    if (const auto held = object.find(path); held != object.end()) {
      if (is_forgotten(*held) && requested_at_of(*held) >= entry.requested_at) continue;
      const auto known = file_entry(*held);
      if (known && (known->requested_at >= entry.requested_at || is_one_rollout(*known, entry)))
        continue;
    }
    object[path] = to_json(entry, false);
    drop_what_is_in(path, entry, object);
    moved = true;
  }
  if (!moved) return std::nullopt;
  return dump(object);
}

ForgottenLatest forget_latest(std::string_view current, const std::optional<std::string>& path,
                              Timestamp at) {
  ForgottenLatest result;
  auto parsed = parse_object(current);
  Json object = parsed ? *std::move(parsed) : Json::object();
  for (auto& [each, held] : object.items()) {
    if (is_forgotten(held) || (path && *path != each)) continue;
    // Later than what it forgets, also where that was asked for by a clock that is ahead.
    const auto from = std::max(at, just_after(requested_at_of(held)));
    held = {{"forgotten", true}, {"requestedAt", format_timestamp(from)}};
    result.paths.insert(each);
  }
  result.text = dump(object);
  return result;
}

}  // namespace okg::results
