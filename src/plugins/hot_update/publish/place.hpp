// The open folder that a path leads to, and the
// name in it. No symlink is followed on the way.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"
#include "plugins/hot_update/disk/file_system.hpp"

namespace okg::hot_update {

struct Place {
  unique_fd folder;
  std::string name;
  std::string whole;     ///< for messages
  bool is_there = true;  ///< false: `folder` is the deepest one that there is
};

/// How a folder that is not there is treated.
enum class Folders {
  kMustExist,     ///< kNotFound.
  kMake,          ///< Make it, durably.
  kAsFarAsThere,  ///< Stop at the deepest one that there is.
};

/// The path with its symlinks followed, as far as
/// there is something. Errors: as errno says.
Result<std::filesystem::path> resolve(const std::filesystem::path& path);

/// The error of opening the shared directory, with a cure where it is not there.
[[nodiscard]] Error why_no_shared_directory(const Error& error);

/// `path` under `file_dir`. Errors: kInvalid for
/// a path that would leave it, and as errno says.
Result<Place> open_place(FileSystem& files, const std::filesystem::path& file_dir,
                         const std::string& path, Folders folders);

/// The names in the folder are on the disk when this returns; see unsynced_directory().
Result<void> sync_folder(FileSystem& files, int folder, const std::string& whole);

/// Whether the name is this open file; nothing when that cannot be seen. Asked
/// after a rename that failed: it may have been made and its answer lost (NFS).
[[nodiscard]] std::optional<bool> is_named(const Place& place, int file);

/// Where the symlink of that name leads to; empty when that cannot be seen.
[[nodiscard]] std::string link_target(const Place& place);

/// The file of that name, for reading; neither
/// followed nor waited for. Errors are in errno.
[[nodiscard]] unique_fd open_there(const Place& place);

}  // namespace okg::hot_update
