#include "plugins/hot_update/update/run/planned_update.hpp"

#include "plugins/hot_update/update/run/update_run.hpp"

namespace okg::hot_update {

Replacement replacement_for(const PlannedUpdate& planned, std::uint64_t seq,
                            const LedgerState& state) {
  const auto& request = planned.request;
  Replacement replacement{request.path,
                          {request.version, request.url, request.sha256, request.scope,
                           request.requested_at, request.until},
                          kept_name(seq)};
  replacement.entry.signature = request.signature;
  if (request.tree) replacement.entry.tree = results::TreeEntry{*request.tree};
  if (planned.kept) replacement.from_kept = planned.kept->name;
  replacement.was = state.live_at(request.path);
  for (const auto& earlier : state.intents)
    for (const auto& target : earlier.targets)
      if (earlier.needs_revert && target.path == request.path) replacement.unreverted = target.old;
  return replacement;
}

}  // namespace okg::hot_update
