#include "results/in_kube/original_sidecar_entry.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

#include "config/node.hpp"
#include "http/form.hpp"
#include "http/last_segment.hpp"

namespace okg::results {
namespace {

using config::Node;

/// The last segment of the URL's path; nothing when that is no plain file name.
std::optional<std::string> file_name(std::string_view url) {
  if (url.find("://") == std::string_view::npos) return std::nullopt;
  const std::string segment(http::last_segment(url));
  auto name = http::percent_decode(segment).value_or(segment);
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
      name.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  return name;
}

/// Numbers by value, and before everything else.
int compare_parts(std::string_view a, std::string_view b) {
  if (is_all_digits(a) != is_all_digits(b)) return is_all_digits(a) ? -1 : 1;
  if (is_all_digits(a) && a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

int compare_dotted(std::string_view a, std::string_view b, std::string_view absent) {
  while (!a.empty() || !b.empty()) {
    const auto left = a.empty() ? absent : take_until(a, ".");
    const auto right = b.empty() ? absent : take_until(b, ".");
    if (const int order = compare_parts(left, right); order != 0) return order;
  }
  return 0;
}

/// "v1.2" < "v1.10.0-rc.1" < "v1.10.0". @source
/// https://semver.org, 11; golang.org/x/mod/semver, Compare
bool is_lower(std::string_view a, std::string_view b) {
  for (auto* version : {&a, &b}) {
    if (version->starts_with('v')) version->remove_prefix(1);
    *version = version->substr(0, version->find('+'));
  }
  if (const int order = compare_dotted(take_until(a, "-"), take_until(b, "-"), "0"); order != 0)
    return order < 0;
  if (a.empty() || b.empty()) return !a.empty();
  return compare_dotted(a, b, "") < 0;
}

}  // namespace

void keep_higher(Entries& files, const std::string& path, Entry entry) {
  const auto [held, is_new] = files.try_emplace(path, entry);
  if (!is_new && is_lower(held->second.version, entry.version)) held->second = std::move(entry);
}

Result<Entries> parse_original_entry(std::string_view yaml) {
  const auto document = config::parse_yaml(yaml);
  if (!document) return document.error();
  if (document->kind != Node::Kind::kMap) return fail(ErrorCode::kInvalid, "not a YAML map");
  const auto versions = std::ranges::find_if(
      document->entries, [](const config::Entry& entry) { return entry.key == "hot_update"; });
  if (versions == document->entries.end()) return Entries{};
  if (versions->value.kind != Node::Kind::kMap)
    return fail(ErrorCode::kInvalid, "hot_update is not a map of versions");

  Entries highest;
  std::optional<std::string> without_name;
  for (const auto& each : versions->value.entries) {
    if (each.value.kind != Node::Kind::kScalar)
      return fail(ErrorCode::kInvalid, "hot_update is not a map of URLs");
    if (each.key == "OriginVersion") continue;
    Entry entry{each.key, each.value.scalar, std::nullopt, Scope::kWorkload, Timestamp{}};
    const auto name = file_name(entry.url);
    if (!name) {
      without_name = entry.url;
      continue;
    }
    keep_higher(highest, *name, std::move(entry));
  }
  if (highest.empty() && without_name)
    return fail(ErrorCode::kInvalid, "the URL \"", *without_name, "\" does not end in a file name");
  return highest;
}

}  // namespace okg::results
