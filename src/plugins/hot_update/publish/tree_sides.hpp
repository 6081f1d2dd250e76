// On which side of an exchange a tree is, also after an
// interruption, and how it comes back to the side of before.
#pragma once

#include <string>

#include "base/error.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/swap.hpp"
#include "plugins/hot_update/publish/tree_places.hpp"

namespace okg::hot_update {

enum class TreeLive {
  kOld,   ///< Nothing of the target is live.
  kPart,  ///< Some of its names are.
  kNew,   ///< All of it is.
};

/// Thread-compatible. All references outlive it.
class TreeSides {
 public:
  TreeSides(const StateDir& state, FileSystem& files, const TreePlaces& places)
      : state_(state), files_(files), places_(places) {}

  /// Which of both is live. An exchange that was interrupted is settled first.
  [[nodiscard]] Result<TreeLive> which_is_live(const Target& target) const;
  /// Whether the new content has the name.
  [[nodiscard]] Result<bool> is_turned(const Target& target, const SwapName& name,
                                       const SwapPlaces& places) const;
  /// The old content has all names again, also if it had them.
  [[nodiscard]] Result<void> turn_back(const Target& target, const SwapPlaces& places) const;

 private:
  [[nodiscard]] Result<bool> is_turned_by_content(const Target& target, const std::string& name,
                                                  const SwapPlaces& places) const;

  const StateDir& state_;
  FileSystem& files_;
  const TreePlaces& places_;
};

}  // namespace okg::hot_update
