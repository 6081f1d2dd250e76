#include "plugins/hot_update/update/parts.hpp"

#include <cstdint>
#include <limits>
#include <set>
#include <string>

namespace okg::hot_update {

std::vector<std::string> beyond_keep_bytes(const Parts& parts, const UpdateEnd& end) {
  const auto& settings = parts.settings;
  if (settings.keep_bytes == std::numeric_limits<std::uint64_t>::max()) return {};
  auto ended = *parts.ledger.state();
  ended.note_ended(end, settings.keep_versions);
  std::vector<std::string> names;
  std::uint64_t bytes = 0;
  for (auto kept = ended.kept.rbegin(); kept != ended.kept.rend(); ++kept) {
    bytes += parts.publisher.kept_bytes(kept->name);
    if (bytes > settings.keep_bytes) names.push_back(kept->name);
  }
  return names;
}

void tidy(const Parts& parts) {
  // A start would still look for what the journal names.
  if (parts.ledger.is_behind()) return;
  std::set<std::string> needed;
  const auto state = parts.ledger.state();
  for (const auto& kept : state->kept) needed.insert(kept.name);
  for (const auto& pending : state->pending)
    for (const auto& target : pending.targets)
      if (target.old.kind == OldContent::Kind::kFile) needed.insert(target.old.kept.name);
  parts.publisher.tidy(needed);
}

}  // namespace okg::hot_update
