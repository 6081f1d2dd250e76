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
  Needed needed;
  const auto need = [&](const KeptFile& kept) {
    needed.kept.insert(kept.name);
    if (kept.was) needed.trees.insert(kept.was->index);
    for (const auto& [path, file] : kept.below) needed.trees.insert(file.index);
  };
  const auto state = parts.ledger.state();
  for (const auto& [path, file] : state->live) needed.trees.insert(file.index);
  for (const auto& kept : state->kept) need(kept);
  for (const auto& pending : state->pending)
    for (const auto& target : pending.targets) {
      if (target.old.kind == OldContent::Kind::kFile) need(target.old.kept);
      if (target.swap) needed.kept.insert(target.swap->container);
      needed.trees.insert(target.next.index);
    }
  parts.publisher.tidy(needed);
}

}  // namespace okg::hot_update
