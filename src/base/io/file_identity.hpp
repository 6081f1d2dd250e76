// Tells whether a file is another one than before, without reading it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>

#include "base/error.hpp"

namespace okg {

/// It changes when the file is written or replaced, and when somebody
/// swaps a link of a mounted volume that its path leads through.
struct FileIdentity {
  dev_t device{};
  ino_t inode{};
  off_t size{};
  std::int64_t modified_ns{};
  std::int64_t changed_ns{};
  bool operator==(const FileIdentity&) const = default;
};

/// Follows symlinks. Errors: as errno_error.
[[nodiscard]] Result<FileIdentity> identify_file(const std::filesystem::path& path);

}  // namespace okg
