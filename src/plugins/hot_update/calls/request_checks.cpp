#include "plugins/hot_update/calls/request_checks.hpp"

#include <set>
#include <string>

#include "base/io/path.hpp"
#include "plugins/hot_update/disk/off_limits.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"

namespace okg::hot_update {
namespace {

/// Each path costs a place in the journal and in the ConfigMap.
Result<void> check_paths(const Settings& settings, const api::UpdateRequest& update,
                         const LedgerState& state, const WorkStatus& work) {
  std::set<std::string> paths;
  for (const auto& [path, file] : state.live) paths.insert(path);
  if (work.in_progress) paths.insert(work.in_progress->path);
  for (const auto& queued : work.queued) paths.insert(queued.path);
  if (paths.contains(update.path) || paths.size() < settings.max_paths) return {};
  return fail(ErrorCode::kInvalid, Reason::kTooManyPaths, "this pod has ", paths.size(),
              " paths already; raise maxPaths if it needs more");
}

}  // namespace

Result<void> check_source(const source::Policy& policy, api::UpdateRequest& update) {
  if (update.url.empty()) return {};
  const auto url = policy.check(update.url);
  if (!url) return url.error();
  update.url = url->text();
  return {};
}

Result<void> check_request(const Settings& settings, const api::UpdateRequest& update,
                           const LedgerState& state, const WorkStatus& work) {
  if (auto ok = check_given(settings.content, update); !ok) return ok;
  if (update.rollback) return {};
  if (!update.tree && is_below(settings.file_dir / update.path, settings.state_dir))
    return in_state_dir(update.path);
  return check_paths(settings, update, state, work);
}

}  // namespace okg::hot_update
