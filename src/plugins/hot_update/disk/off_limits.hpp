// Names in the shared directory that no update may take.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <string>

#include "base/error.hpp"
#include "files/folder.hpp"

namespace okg::hot_update {

/// Whether no update touches this name at the top of the shared directory (`shared`, open):
/// the state directory, whatever it is called, and what file systems put
/// there (a lost+found, and files that NFS keeps for who has them open).
[[nodiscard]] inline bool is_off_limits(int shared, const std::string& name,
                                        const files::Folder& state_dir) {
  if (name == "lost+found" || name.starts_with(".nfs")) return true;
  struct stat there {};
  struct stat own {};
  return ::fstatat(shared, name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
         ::fstat(state_dir.fd(), &own) == 0 && there.st_dev == own.st_dev &&
         there.st_ino == own.st_ino;
}

/// The error for a path that an update may not have.
[[nodiscard]] inline Error in_state_dir(const std::string& path) {
  return fail(ErrorCode::kInvalid, Reason::kInvalidField, "path '", path,
              "' is in the sidecar's own state directory; give another place with path=NAME");
}

}  // namespace okg::hot_update
