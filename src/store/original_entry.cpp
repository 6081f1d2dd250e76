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

  std::optional<FileEntry> last;
  for (const auto& each : versions) {
    if (!each.first.IsScalar() || !each.second.IsScalar()) return fail(ErrorCode::kInvalid, "hot_update is not a map of URLs");
    if (each.first.Scalar() == "OriginVersion") continue;
    last = FileEntry{each.first.Scalar(), each.second.Scalar(), std::nullopt, Scope::kWorkload, Timestamp{}};
  }
  if (!last) return Files{};
  auto name = file_name(last->url);
  if (!name) return fail(ErrorCode::kInvalid, "the URL \"" + last->url + "\" does not end in a file name");
  return Files{{*std::move(name), *std::move(last)}};
}

}  // namespace okg::store
