// The calls of the operating system that publishing makes to change
// a disk: the one seam at which tests let them fail, and count them.
#pragma once

#include <sys/types.h>

#include "files/removal.hpp"

namespace okg::hot_update {

/// Each call is the one that POSIX names so: 0 or
/// -1 with errno. Folders are open descriptors.
class FileSystem : public files::RemovalCalls {
 public:
  virtual int make_folder(int parent, const char* name, mode_t mode);
  virtual int link(int from_folder, const char* from, int to_folder, const char* to);
  /// Both names change places at once. @source renameat2(2), RENAME_EXCHANGE
  virtual int exchange(int from_folder, const char* from, int to_folder, const char* to);
  virtual int make_symlink(const char* target, int folder, const char* name);
  virtual int change_mode(int file, mode_t mode);
  /// Writes a file's content, or a folder's names, to the disk.
  virtual int sync(int file);
  /// All that was written to the file system of this file. @source
  /// syncfs(2): since Linux 5.8 it answers what failed to be written
  virtual int sync_all(int file);
};

}  // namespace okg::hot_update
