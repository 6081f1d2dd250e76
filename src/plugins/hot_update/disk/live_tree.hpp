// A tree that is live, as the next one of its path sees it.
#pragma once

#include <sys/types.h>

#include "base/io/unique_fd.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"

namespace okg::hot_update {

/// The tree that is live at the path that is built for.
struct LiveTree {
  unique_fd folder{};
  TreeIndex index{};
  /// How its files may be shared with the new tree.
  enum class Share {
    kLink,  ///< One inode for both: nobody can write to it.
    kCopy,  ///< The game could write to it, and with that to what is kept.
  };
  Share share = Share::kCopy;
};

struct TreeModes {
  mode_t file = 0644;
  /// Whoever may read a file may run it where the archive says so, and enter a folder.
  [[nodiscard]] mode_t executable() const { return file | ((file & 0444U) >> 2U); }
  [[nodiscard]] mode_t folder() const { return executable() | 0200U; }
  [[nodiscard]] mode_t of(const IndexEntry& entry) const {
    return entry.is_executable ? executable() : file;
  }
};

}  // namespace okg::hot_update
