#include "plugins/hot_update/disk/tree_sync.hpp"

#include <fcntl.h>

#include <cerrno>

#include "base/io/file.hpp"
#include "base/io/unique_fd.hpp"
#include "plugins/hot_update/disk/tree_walk.hpp"

namespace okg::hot_update {

Result<void> sync_each(FileSystem& files, const files::Folder& root, const TreeParts& parts) {
  const auto sync = [&](const std::string& path) -> Result<void> {
    const unique_fd file(
        ::openat(root.fd(), path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!file) return errno_error("open " + root.path_of(path), errno);
    if (files.sync(file.get()) == 0) return {};
    return errno_error("fsync " + root.path_of(path), errno);
  };
  for (const auto& entry : parts.entries)
    if (entry.kind == TreeKind::kFile)
      if (auto ok = sync(entry.path); !ok) return ok;
  for (const auto& path : parts.more)
    if (auto ok = sync(path); !ok) return ok;
  // Symlinks are in their folders.
  for (const auto& path : parts.folders) {
    const auto folder = open_folder(root.fd(), path);
    if (!folder) return errno_error("open " + root.path_of(path), errno);
    if (files.sync(folder.get()) != 0)
      if (auto ok = unsynced_directory(errno, root.path_of(path)); !ok) return ok;
  }
  if (files.sync(root.fd()) != 0) return unsynced_directory(errno, root.path().string());
  return {};
}

}  // namespace okg::hot_update
