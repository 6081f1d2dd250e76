#include "process/family.hpp"

#include <algorithm>
#include <utility>

namespace okg::process {
namespace {

/// The first process of a process namespace becomes the
/// parent of orphans: `pause`, where a pod's containers share one.
/// @source pid_namespaces(7)
constexpr pid_t kReaper = 1;

bool is_root(const Observed& observed) {
  return observed.process.parent == 0 && observed.details.mount_namespace;
}

bool is_older(const Process& one, const Process& other) {
  return std::pair(one.start_ticks, one.pid) < std::pair(other.start_ticks, other.pid);
}

}  // namespace

Family::Family(const std::vector<Observed>& table) : table_(table) {
  for (const auto& each : table) parents_[each.process.pid] = each.process.parent;
}

bool Family::descends(pid_t pid, pid_t ancestor) const {
  // The table is no snapshot: a pid that was
  // reused while it was read could make a circle.
  for (std::size_t steps = 0; steps <= parents_.size(); ++steps) {
    if (pid == ancestor) return true;
    const auto parent = parents_.find(pid);
    if (parent == parents_.end()) return false;
    pid = parent->second;
  }
  return false;
}

bool Family::is_put_there(pid_t pid) const {
  const auto* root = root_of(pid);
  if (root == nullptr || !is_root(*root)) return false;
  return std::ranges::any_of(table_, [&](const Observed& each) {
    return is_root(each) && each.details.mount_namespace == root->details.mount_namespace &&
           is_older(each.process, root->process);
  });
}

Origin Family::origin_of(const Observed& observed) const {
  if (is_put_there(observed.process.pid)) return Origin::kExec;
  const auto& own = observed.details.mount_namespace;
  const auto is_of_the_container = [&](const Observed* root) {
    return root != nullptr && is_root(*root) && root->details.mount_namespace == own;
  };
  const auto* root = root_of(observed.process.pid);
  const bool has_reaper = !observed.details.pod.empty() && own && root != nullptr &&
                          root->process.pid == kReaper && !is_of_the_container(root);
  if (!has_reaper) return Origin::kContainer;
  const auto leader = observed.process.session;
  if (!is_of_the_container(root_of(leader))) return Origin::kUnknown;
  return is_put_there(leader) ? Origin::kExec : Origin::kContainer;
}

const Observed* Family::find(pid_t pid) const {
  const auto found =
      std::ranges::find_if(table_, [&](const Observed& each) { return each.process.pid == pid; });
  return found == table_.end() ? nullptr : &*found;
}

const Observed* Family::root_of(pid_t pid) const {
  for (std::size_t steps = 0; steps <= parents_.size(); ++steps) {
    const auto parent = parents_.find(pid);
    if (parent == parents_.end() || !parents_.contains(parent->second)) return find(pid);
    pid = parent->second;
  }
  return nullptr;
}

}  // namespace okg::process
