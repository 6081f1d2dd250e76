// The greatest lengths of URLs, of paths and each part of them, and of signatures.
#pragma once

#include <cstddef>

namespace okg {

/// Every URL in a request, a manifest, or the journal.
inline constexpr std::size_t kMaxUrlBytes = 8192;
/// A path below the shared directory or in an archive.
inline constexpr std::size_t kMaxPathBytes = 1024;
/// Each part of such a path. @source NAME_MAX of limits.h
inline constexpr std::size_t kMaxNameBytes = 255;
/// No signature file that minisign writes with a comment of ours is longer.
inline constexpr std::size_t kMaxSignatureBytes = 4096;

}  // namespace okg
