// Which updates have changed since they were last looked at.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "api/update_view.hpp"

namespace okg::hot_update {

/// Thread-compatible.
class Changes {
 public:
  /// Those of `now` that are new or other than they were at the
  /// last call, but for their progress. `now` has all there are.
  [[nodiscard]] std::vector<api::UpdateView> among(const std::vector<api::UpdateView>& now);

 private:
  std::map<std::string, api::UpdateView> seen_;  ///< by id, without progress
};

}  // namespace okg::hot_update
