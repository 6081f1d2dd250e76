#include "plugins/hot_update/update/parts.hpp"

#include <set>
#include <string>

namespace okg::hot_update {

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
