#include "plugins/hot_update/update/kept_choice.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string>

namespace okg::hot_update {

Result<KeptContent> kept_for_rollback(const Parts& parts, const api::UpdateRequest& request) {
  auto path = request.path;
  const auto history = parts.ledger.state()->history;
  for (auto last = history.rbegin(); path.empty() && last != history.rend(); ++last)
    if (last->kind == OutcomeKind::kSucceeded) path = last->path;
  if (path.empty())
    return fail(ErrorCode::kNotFound, Reason::kNothingKept,
                "nothing was updated yet that could be rolled back");
  const auto kept = parts.ledger.state()->kept;
  std::string versions;
  for (auto each = kept.rbegin(); each != kept.rend(); ++each) {
    if (each->path != path) continue;
    const bool is_newest = versions.empty();
    if (request.version.empty() || request.version == each->version()) {
      if (is_newest || !each->is_partial) return *each;
      return fail(ErrorCode::kNotFound, Reason::kNothingKept, "of version ", each->version(),
                  " only what an overlay replaced is kept, and later updates came over it; "
                  "roll back to the newest kept version first, or send it from its source");
    }
    append_listed(versions, ", ", each->version());
  }
  if (versions.empty())
    return fail(ErrorCode::kNotFound, Reason::kNothingKept, "no earlier content of '", path,
                "' is kept (keepVersions is ", parts.settings.keep_versions,
                "; keepBytes bounds all of it); send an update from its source");
  return fail(ErrorCode::kNotFound, Reason::kNothingKept, "no kept content of '", path,
              "' has the version ", request.version, "; kept are, newest first: ", versions);
}

std::optional<KeptContent> kept_for_order(const Parts& parts, const api::UpdateRequest& request) {
  if (!request.sha256) return std::nullopt;
  const auto kept = parts.ledger.state()->kept;
  const auto found = std::find_if(kept.rbegin(), kept.rend(), [&](const KeptContent& each) {
    if (each.path != request.path) return false;
    if (each.was && each.was->entry.sha256 != request.sha256) return false;
    return parts.publisher.kept_digest(each.name) == request.sha256;
  });
  if (found == kept.rend()) return std::nullopt;
  return *found;
}

}  // namespace okg::hot_update
