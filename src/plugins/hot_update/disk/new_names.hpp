// The names that an overlay brings, beside those that are live.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"

namespace okg::hot_update {

/// Thread-compatible.
class NewNames {
 public:
  /// `entries`: what came. `live_folder`: a descriptor that outlives it.
  NewNames(const std::vector<IndexEntry>& entries, int live_folder);

  /// Whether what is live at the path is replaced. Errors: kRefused, it would stand beside
  /// a new name that differs only in case or Unicode form, and did not do so before.
  [[nodiscard]] Result<bool> replace(const std::string& live_path) const;

 private:
  int live_folder_;
  std::unordered_map<std::string, std::string> paths_;  ///< by content::collision_key()
};

}  // namespace okg::hot_update
