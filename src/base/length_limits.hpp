// How long the path of a file may be, and each part of it.
#pragma once

#include <cstddef>

namespace okg {

/// Of a path below the shared directory or in an archive.
inline constexpr std::size_t kMaxPathBytes = 1024;
/// Of each part of it. @source NAME_MAX of limits.h
inline constexpr std::size_t kMaxNameBytes = 255;

}  // namespace okg
