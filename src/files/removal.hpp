// Removes a folder with all that is below it, whoever made that.
#pragma once

#include <cstddef>
#include <string>

#include "base/error.hpp"
#include "base/length_limits.hpp"

namespace okg::files {

/// As many as a path of an archive can have. Where
/// folders are walked through, one of each level is open.
inline constexpr std::size_t kMaxLevels = kMaxPathBytes / 2;

/// The calls of the operating system that removing makes. Each
/// is the one that POSIX names so: 0, or -1 with errno.
class RemovalCalls {
 public:
  RemovalCalls() = default;
  RemovalCalls(const RemovalCalls&) = delete;
  RemovalCalls& operator=(const RemovalCalls&) = delete;
  virtual ~RemovalCalls() = default;

  virtual int rename(int from_folder, const char* from, int to_folder, const char* to);
  virtual int unlink(int folder, const char* name);
  virtual int remove_folder(int folder, const char* name);
};

/// Deletes `folder`/`name` with all that is below, however deep, but nothing of what is
/// mounted there. No symlink is followed. Errors: what could not be deleted; that stays.
Result<void> remove_tree(RemovalCalls& calls, int folder, const std::string& name);

}  // namespace okg::files
