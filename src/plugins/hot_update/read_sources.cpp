#include "plugins/hot_update/read_sources.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace okg::hot_update {
namespace {

std::vector<http::IpRange> read_ranges(config::MapReader& map, std::string_view name) {
  std::vector<http::IpRange> ranges;
  for (const auto* item : map.sequence(name)) {
    const auto range = http::IpRange::parse(item->scalar);
    if (range)
      ranges.push_back(*range);
    else
      map.mistake(name, range.error().message);
  }
  return ranges;
}

/// A key with nothing behind it opens nothing: it is a mistake.
std::vector<source::UrlPrefix> read_prefixes(config::MapReader& map, std::string_view name) {
  std::vector<source::UrlPrefix> prefixes;
  for (const auto* item : map.sequence(name)) {
    auto prefix = source::UrlPrefix::parse(item->scalar);
    if (prefix)
      prefixes.push_back(std::move(*prefix));
    else
      map.mistake(name, prefix.error().message);
  }
  if (prefixes.empty() && map.stands(name))
    map.mistake(name, "names no source; without the key any source is taken");
  return prefixes;
}

std::vector<source::HeaderFile> read_header_files(config::MapReader& map, std::string_view name) {
  std::vector<source::HeaderFile> files;
  for (auto& [url, file] : map.text_map(name)) {
    auto urls = source::UrlPrefix::parse(url);
    if (!urls)
      map.mistake(name, urls.error().message);
    else if (!file.starts_with('/'))
      map.mistake(name, "'" + file + "' is not an absolute path");
    else
      files.push_back({std::move(*urls), std::move(file)});
  }
  return files;
}

}  // namespace

source::SourceSettings read_sources(config::MapReader& map) {
  source::SourceSettings settings;
  settings.allowed_sources = read_prefixes(map, "allowedSources");
  settings.require_https = map.flag("requireHttps", false);
  settings.header_files = read_header_files(map, "sourceHeaderFiles");
  settings.allowed_addresses = read_ranges(map, "allowedAddresses");
  settings.denied_addresses = read_ranges(map, "deniedAddresses");
  return settings;
}

}  // namespace okg::hot_update
