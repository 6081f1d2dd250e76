#include "plugins/hot_update/update/obtain/kept_choice.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "plugins/hot_update/update/obtain/signatures.hpp"

namespace okg::hot_update {
namespace {

template <class IsIt>
std::optional<KeptContent> newest_kept(const Parts& parts, const std::string& path,
                                       const IsIt& is_it) {
  const auto state = parts.ledger.state();
  const auto found =
      std::find_if(state->kept.rbegin(), state->kept.rend(),
                   [&](const KeptContent& kept) { return kept.path == path && is_it(kept); });
  return found == state->kept.rend() ? std::nullopt : std::optional(*found);
}

}  // namespace

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
  return newest_kept(parts, request.path, [&](const KeptContent& kept) {
    if (kept.was && kept.was->entry.sha256 != request.sha256) return false;
    return parts.publisher.kept_digest(kept.name) == request.sha256;
  });
}

std::optional<KeptContent> kept_for_entry(const Parts& parts, const std::string& path,
                                          const results::Entry& entry) {
  // The digest that a signature of a tree signs is known only where one was verified.
  const bool needs_blake2b = entry.tree && Signatures(parts).are_verified();
  return newest_kept(parts, path, [&](const KeptContent& kept) {
    if (!kept.was) return entry.url.empty();
    if (needs_blake2b && kept.was->blake2b.empty()) return false;
    return entry.sha256 && kept.was->entry.sha256 == entry.sha256;
  });
}

}  // namespace okg::hot_update
