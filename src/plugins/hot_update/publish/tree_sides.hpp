// The side of an exchange that is live, also after an
// interruption, and the way back to the old one.
#pragma once

#include <string>

#include "base/error.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/swap.hpp"
#include "plugins/hot_update/publish/tree_places.hpp"

namespace okg::hot_update {

/// How much of a target's new content is live.
enum class LiveSide {
  kOld,   ///< None of it.
  kPart,  ///< Some of its names.
  kNew,   ///< All of it.
};

/// Thread-compatible. All references outlive it.
class TreeSides {
 public:
  TreeSides(const StateDir& state, FileSystem& files, const TreePlaces& places)
      : state_(state), files_(files), places_(places) {}

  /// Brings each exchange of a name that was interrupted
  /// to one side, and says what is live then.
  [[nodiscard]] Result<LiveSide> settle(const Target& target) const;
  /// Whether the new content has the name.
  [[nodiscard]] Result<bool> has_new(const Target& target, const SwapName& name,
                                     const SwapPlaces& places) const;
  /// Gives all names back to the old content. Does nothing where it has them.
  [[nodiscard]] Result<void> revert(const Target& target, const SwapPlaces& places) const;

 private:
  [[nodiscard]] Result<bool> has_new_by_content(const Target& target, const std::string& name,
                                                const SwapPlaces& places) const;

  const StateDir& state_;
  FileSystem& files_;
  const TreePlaces& places_;
};

}  // namespace okg::hot_update
