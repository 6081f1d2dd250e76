// Folders that nobody but this process's user writes in.
#pragma once

#include "base/error.hpp"
#include "files/folder.hpp"

namespace okg::files {

/// Passes for a folder that belongs to this process. Errors:
/// kForbidden, it is another user's; as errno says.
Result<void> check_owner(const Folder& folder);

/// Takes away the bits of its mode that let others in, as a kubelet with
/// fsGroup sets them at every mount. True: there were such bits. Errors: kForbidden,
/// others can write in it and its mode cannot be changed; as errno says.
Result<bool> close_to_others(const Folder& folder);

/// True when an open file has the owner of the folder.
[[nodiscard]] Result<bool> has_owner_of(const Folder& folder, int file, const std::string& whole);

/// Removes all that is in the folder, folders included. Errors: as errno says.
Result<void> empty(const Folder& folder);

}  // namespace okg::files
