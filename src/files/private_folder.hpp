// Folders that nobody but this process's user writes in.
#pragma once

#include "base/error.hpp"
#include "files/folder.hpp"

namespace okg::files {

/// The folder is this user's, and nobody else can write in it. Bits
/// of its mode that let others in are taken away, as a kubelet with
/// fsGroup sets them at every mount. Errors: kForbidden, it is
/// another user's, or its mode cannot be changed; as errno says.
Result<void> make_private(const Folder& folder);

/// Whether an open file has the owner of the folder.
[[nodiscard]] Result<bool> has_owner_of(const Folder& folder, int file, const std::string& whole);

/// Removes all that is in the folder, folders included. Errors: as errno says.
Result<void> empty(const Folder& folder);

}  // namespace okg::files
