#include "results/in_kube/original_sidecar_format.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/text/secret.hpp"
#include "config/node.hpp"
#include "results/in_kube/keys.hpp"
#include "results/in_kube/original_sidecar_entry.hpp"

namespace okg::results {
namespace {

using config::Node;
/// By type of plugin, then by version: sorted, as yaml.v3 writes maps.
using OriginalEntries = std::map<std::string, std::map<std::string, std::string>>;

constexpr std::string_view kType = "hot_update";

Result<OriginalEntries> parse_entries(std::string_view yaml) {
  OriginalEntries entries;
  const auto document = config::parse_yaml(yaml);
  if (!document) return document.error();
  if (document->kind == Node::Kind::kNull) return entries;
  if (document->kind != Node::Kind::kMap) return fail(ErrorCode::kInvalid, "not a YAML map");
  for (const auto& type : document->entries) {
    auto& texts = entries[type.key];
    if (type.value.kind == Node::Kind::kNull) continue;
    if (type.value.kind != Node::Kind::kMap)
      return fail(ErrorCode::kInvalid, type.key, " is not a map");
    for (const auto& each : type.value.entries) texts[each.key] = each.value.scalar;
  }
  return entries;
}

/// A text that needs no quotes: characters of versions
/// and URLs, and no word or number of YAML.
bool is_plain(std::string_view text) {
  constexpr std::string_view kWords[] = {"true", "false", "null", "yes", "no",
                                         "on",   "off",   "y",    "n"};
  return !text.empty() && is_letter(text.front()) && text.back() != ':' &&
         has_only_alphanumeric_or("._-/:?=&%+~", text) &&
         std::ranges::find(kWords, to_lower(text)) == std::end(kWords);
}

/// JSON's quotes are YAML's double quotes. @source https://yaml.org/spec/1.2.2, 7.3.1
std::string to_yaml(const std::string& text) {
  return is_plain(text) ? text : to_text(nlohmann::json(text));
}

std::string to_yaml(const OriginalEntries& entries) {
  std::string yaml;
  for (const auto& [type, texts] : entries) {
    yaml += to_yaml(type) + (texts.empty() ? ": {}\n" : ":\n");
    for (const auto& [key, value] : texts)
      yaml += "    " + to_yaml(key) + ": " + to_yaml(value) + "\n";
  }
  return yaml;
}

/// "NAMESPACE-WORKLOAD-3": a StatefulSet's pods, and a GameServerSet's, are numbered.
bool is_sibling(std::string_view key, std::string_view prefix) {
  if (!key.starts_with(prefix)) return false;
  const auto ordinal = key.substr(prefix.size());
  return !ordinal.empty() && is_all_digits(ordinal);
}

}  // namespace

std::string original_annotation(const LastResult& last) {
  if (last.result != "Failed") return last.version + ": Update success";
  return last.version + ": Failed to load hot update file by signal: " + redact(last.message);
}

Result<std::optional<std::string>> with_original_version(std::string_view yaml, const Entry& live) {
  auto entries = parse_entries(yaml);
  if (!entries) return entries.error();
  auto& url = (*entries)[std::string(kType)][live.version];
  if (url == live.url) return std::optional<std::string>();
  url = live.url;
  return std::optional(to_yaml(*entries));
}

Entries original_files_of_siblings(const kube::ConfigMap& map, const kube::Workload& workload,
                                   std::string_view pod, Ignored& ignored) {
  Entries highest;
  if (map.data.contains(original_key(workload.ns, pod))) return highest;
  const auto prefix = original_key(workload.ns, workload.name) + "-";
  for (const auto& [key, yaml] : map.data) {
    if (!is_sibling(key, prefix)) continue;
    auto files = parse_original_entry(yaml);
    if (!files) {
      ignore(ignored, "", files.error().in("key " + key + " of the original sidecar"));
      continue;
    }
    for (auto& [path, entry] : *files) keep_higher(highest, path, std::move(entry));
  }
  return highest;
}

}  // namespace okg::results
