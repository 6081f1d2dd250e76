// open(2) below an open folder: never out of it, and never through a symlink.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/io/unique_fd.hpp"

namespace okg::files {

/// `name` may have several parts, but no ".." among them.
/// An empty descriptor says that errno holds the cause:
/// ELOOP for a symlink, EXDEV for a name that leads out.
/// @source openat2(2); kernels before 5.6 and some seccomp profiles have no such call
[[nodiscard]] unique_fd open_beneath(int folder, const std::string& name, int flags,
                                     mode_t mode = 0);

/// The fallback of open_beneath() for kernels without openat2(2): part by part.
[[nodiscard]] unique_fd open_part_by_part(int folder, const std::string& name, int flags,
                                          mode_t mode = 0);

}  // namespace okg::files
