// Copies the bytes of a file, sharing its blocks where the file system can.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/error.hpp"
#include "base/setting.hpp"
#include "plugins/hot_update/disk/file_system.hpp"

namespace okg::hot_update {

/// From the first byte of `from` to `to`, which is empty. `what` is for messages.
/// Errors: also kNoSpace: less than `min_free_percent` of the volume would stay free.
Result<void> copy_bytes(int from, int to, const std::string& what,
                        const Setting<unsigned>& min_free_percent = {});

/// A file that gets a copy in another folder.
struct FileCopy {
  int from_folder = -1;
  const std::string& from;
  int to_folder = -1;
  const std::string& to;
  mode_t mode = 0644;
};

/// The copy is a new file. `what` is for messages. Errors: as errno says.
Result<void> copy_file(FileSystem& files, const FileCopy& copy, const std::string& what);

}  // namespace okg::hot_update
