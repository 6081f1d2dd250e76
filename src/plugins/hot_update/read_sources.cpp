#include "plugins/hot_update/read_sources.hpp"

#include <string_view>
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

}  // namespace

source::SourceSettings read_sources(config::MapReader& map) {
  source::SourceSettings settings;
  settings.allowed_addresses = read_ranges(map, "allowedAddresses");
  settings.denied_addresses = read_ranges(map, "deniedAddresses");
  return settings;
}

}  // namespace okg::hot_update
