#include "plugins/hot_update/follow/changes.hpp"

#include <utility>

namespace okg::hot_update {

std::vector<api::UpdateView> Changes::among(const std::vector<api::UpdateView>& now) {
  std::vector<api::UpdateView> changed;
  std::map<std::string, api::UpdateView> seen;
  for (const auto& each : now) {
    auto view = each;
    view.progress = {};
    const auto before = seen_.find(each.id());
    if (before == seen_.end() || before->second != view) changed.push_back(each);
    seen.emplace(each.id(), std::move(view));
  }
  seen_ = std::move(seen);
  return changed;
}

}  // namespace okg::hot_update
