// The greatest lengths of URLs, of paths, and of each part of a path.
#pragma once

#include <cstddef>

namespace okg {

/// Every URL in a request, a manifest, or the journal.
inline constexpr std::size_t kMaxUrlBytes = 8192;
/// A path below the shared directory or in an archive.
inline constexpr std::size_t kMaxPathBytes = 1024;
/// Each part of such a path. @source NAME_MAX of limits.h
inline constexpr std::size_t kMaxNameBytes = 255;

}  // namespace okg
