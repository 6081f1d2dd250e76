// Looks at what is in a folder and below it.
#pragma once

#include <sys/stat.h>

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"
#include "files/folder.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"

namespace okg::hot_update {

/// One entry of a walk.
struct Found {
  int folder = -1;  ///< open
  std::string name{};
  std::string path{};  ///< below the root of the walk
  struct stat status {};
};

/// Without "." and "..".
[[nodiscard]] inline Result<std::vector<std::string>> names_in(int folder) {
  return files::names_in(folder, "a folder");
}

/// A folder comes before what is in it. False: not into this folder.
using Visit = std::function<Result<bool>(const Found&)>;

/// No symlink is followed. What goes away meanwhile is passed over.
/// Errors: kInvalid where folders nest deeper than those of an archive can.
Result<void> walk_tree(int root, const Visit& visit);

/// `folder`/`name`, opened; empty with errno when it is no folder.
[[nodiscard]] unique_fd open_folder(int folder, const std::string& name);

/// The tree that is there, with checksums. Sockets and the like are left out.
Result<TreeIndex> index_of(int root);

/// Checksum of the regular file, or of what the symlink says.
Result<Sha256> content_digest(int folder, const std::string& path, const struct stat& status,
                              const std::stop_token& stop = {});

}  // namespace okg::hot_update
