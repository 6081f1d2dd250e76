// Whether a tree on the disk is what its index says: by
// size, time and inode, and by checksum where those differ.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"

namespace okg::hot_update {

/// Whether there may be more.
enum class Extras {
  kNone,     ///< Nothing.
  kAllowed,  ///< Anything: the game may write files of its own.
};

struct TreeCheck {
  Extras extras = Extras::kAllowed;
  /// Paths that somebody else answers for.
  std::function<bool(const std::string& path)> is_excused = [](const std::string&) {
    return false;
  };
};

/// `entries` have paths below `folder`/`name`; the entry with
/// an empty path is that itself. Errors: what reading says.
Result<bool> is_what_index_says(int folder, const std::string& name,
                                const std::vector<IndexEntry>& entries, const TreeCheck& check);

}  // namespace okg::hot_update
