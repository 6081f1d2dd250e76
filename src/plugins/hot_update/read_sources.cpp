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

}  // namespace

source::SourceSettings read_sources(config::MapReader& map) {
  source::SourceSettings settings;
  settings.allowed_sources = read_prefixes(map, "allowedSources");
  settings.require_https = map.flag("requireHttps", false);
  settings.allowed_addresses = read_ranges(map, "allowedAddresses");
  settings.denied_addresses = read_ranges(map, "deniedAddresses");
  return settings;
}

}  // namespace okg::hot_update
