#include "store/original_entry.hpp"

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <optional>

namespace okg::store {
namespace {

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

/// The last segment of the URL's path; nothing when that is no plain file name.
std::optional<std::string> file_name(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("?#"));
  const auto slash = url.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  std::string name = percent_decoded(url.substr(slash + 1));
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
      name.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  return name;
}

/// What stands before the first `separator`; the rest stays in `text`.
std::string_view take(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

/// Numbers by value, and before everything else.
int compare_parts(std::string_view a, std::string_view b) {
  const auto is_number = [](std::string_view part) { return part.find_first_not_of("0123456789") == std::string_view::npos; };
  if (is_number(a) != is_number(b)) return is_number(a) ? -1 : 1;
  if (is_number(a) && a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

int compare_dotted(std::string_view a, std::string_view b, std::string_view absent) {
  while (!a.empty() || !b.empty()) {
    const auto left = a.empty() ? absent : take(a, '.');
    const auto right = b.empty() ? absent : take(b, '.');
    if (const int order = compare_parts(left, right); order != 0) return order;
  }
  return 0;
}

/// "v1.2" < "v1.10.0-rc.1" < "v1.10.0". @source https://semver.org, 11; golang.org/x/mod/semver, Compare
bool is_lower(std::string_view a, std::string_view b) {
  for (auto* version : {&a, &b}) {
    if (version->starts_with('v')) version->remove_prefix(1);
    *version = version->substr(0, version->find('+'));
  }
  if (const int order = compare_dotted(take(a, '-'), take(b, '-'), "0"); order != 0) return order < 0;
  if (a.empty() || b.empty()) return !a.empty();
  return compare_dotted(a, b, "") < 0;
}

Result<YAML::Node> load(std::string_view yaml) {
  try {
    return YAML::Load(std::string(yaml));
  } catch (const YAML::Exception& error) {
    return fail(ErrorCode::kInvalid, error.what());
  }
}

}  // namespace

Result<Files> parse_original_entry(std::string_view yaml) {
  const auto document = load(yaml);
  if (!document) return fail(document.error());
  if (!document->IsMap()) return fail(ErrorCode::kInvalid, "not a YAML map");
  const YAML::Node versions = (*document)["hot_update"];
  if (!versions) return Files{};
  if (!versions.IsMap()) return fail(ErrorCode::kInvalid, "hot_update is not a map of versions");

  Files highest;
  std::optional<std::string> without_name;
  for (const auto& each : versions) {
    if (!each.first.IsScalar() || !each.second.IsScalar()) return fail(ErrorCode::kInvalid, "hot_update is not a map of URLs");
    if (each.first.Scalar() == "OriginVersion") continue;
    FileEntry entry{each.first.Scalar(), each.second.Scalar(), std::nullopt, Scope::kWorkload, Timestamp{}};
    const auto name = file_name(entry.url);
    if (!name) {
      without_name = entry.url;
      continue;
    }
    const auto [held, is_new] = highest.try_emplace(*name, entry);
    if (!is_new && is_lower(held->second.version, entry.version)) held->second = std::move(entry);
  }
  if (highest.empty() && without_name)
    return fail(ErrorCode::kInvalid, "the URL \"" + *without_name + "\" does not end in a file name");
  return highest;
}

}  // namespace okg::store
