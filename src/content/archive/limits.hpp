// How much an archive may ask of a pod, and how its names are written.
#pragma once

#include <cstdint>

#include "base/setting.hpp"

namespace okg::content {

enum class NameEncoding {
  /// UTF-8; a name that is not is refused.
  kUtf8,
  /// GBK where a zip does not say that a name is UTF-8: what a Chinese Windows writes.
  kGbk,
};

struct ArchiveLimits {
  Setting<std::uint64_t> max_files{100'000};  ///< entries, folders included
  /// Names of all entries, and of folders without entries: memory holds them.
  std::uint64_t max_name_bytes = std::uint64_t{16} << 20U;
  Setting<std::uint64_t> max_bytes{16ULL * 1024 * 1024 * 1024};  ///< unpacked
  Setting<std::uint64_t> max_ratio{200};  ///< unpacked bytes for each packed one
  Setting<bool> allow_symlinks{false};
};

/// The ratio counts from here on: a small file of blanks may shrink as it likes.
inline constexpr std::uint64_t kRatioFromBytes = std::uint64_t{8} << 20U;
/// The memory of a decoder: 64 MiB are the
/// window of xz -9 and of zstd --long=26.
inline constexpr std::uint64_t kMaxDecoderBytes = std::uint64_t{72} << 20U;

}  // namespace okg::content
