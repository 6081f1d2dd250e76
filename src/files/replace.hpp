// Files that are replaced as a whole: written beside the old one, and renamed.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"
#include "files/folder.hpp"

namespace okg::files {

enum class Sync {
  kNo,   ///< The content is on the disk when the kernel gets to it.
  kYes,  ///< It is on the disk before it has its name.
};

/// Writes what is to replace `name` (mode 0600) beside it. Returns it, open
/// for reading and appending. Errors: as errno says; nothing is left beside it.
[[nodiscard]] Result<unique_fd> write_beside(const Folder& folder, const std::string& name,
                                             std::string_view text, Sync sync);
/// Gives that the name `name`. Errors: as errno says; nothing is left
/// beside it. On NFS a rename that fails may have been made.
[[nodiscard]] Result<void> put_in_place(const Folder& folder, const std::string& name);
/// Removes the files that a killed process has left beside `name`.
void remove_beside(const Folder& folder, const std::string& name);

}  // namespace okg::files
