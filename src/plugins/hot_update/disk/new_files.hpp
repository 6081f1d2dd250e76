// Files of a tree that are written, not linked: small ones on a thread of their own.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"
#include "files/background_writer.hpp"
#include "files/folder.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"

namespace okg::hot_update {

/// An empty descriptor says that errno holds the cause.
[[nodiscard]] unique_fd create_file(int folder, const std::string& path);

/// The entry notes the file as it is from then on. `name`: for messages.
Result<void> set_mode(FileSystem& files, int file, mode_t mode, IndexEntry& entry,
                      const std::string& name);

/// Writes small files while the next ones are read. Thread-compatible.
class SmallFiles {
 public:
  /// Both references outlive it.
  SmallFiles(FileSystem& files, const files::Folder& root);

  /// Waits while too much waits. The error is that of an earlier file.
  Result<void> add(IndexEntry entry, mode_t mode, std::vector<std::byte> content);
  /// All of them are written; `entries` gets theirs.
  Result<void> wait(std::vector<IndexEntry>& entries);

 private:
  Result<void> write(IndexEntry entry, mode_t mode, const std::vector<std::byte>& content);

  FileSystem& files_;
  const files::Folder& root_;
  std::vector<IndexEntry> written_;  ///< the other thread's, until it has been waited for
  files::BackgroundWriter behind_;   ///< last: it ends before what it uses
};

}  // namespace okg::hot_update
