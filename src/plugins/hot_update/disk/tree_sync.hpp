// Makes a new tree durable, one file and folder after the other.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "files/folder.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"

namespace okg::hot_update {

/// The paths of a tree, from below its root.
struct TreeParts {
  const std::vector<IndexEntry>& entries;
  const std::set<std::string>& more;  ///< files and folders that are no entries
  const std::set<std::string>& folders;
};

/// All of it is on the disk when it returns. Errors: as errno says.
Result<void> sync_each(FileSystem& files, const files::Folder& root, const TreeParts& parts);

}  // namespace okg::hot_update
