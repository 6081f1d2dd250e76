// Reads an archive (tar, tar.gz, tar.zst, tar.xz, zip,
// told by content) and hands on what is wanted of it.
// Nothing reaches the sink that has not been checked.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

#include "base/error.hpp"
#include "content/archive/entry.hpp"
#include "content/archive/limits.hpp"
#include "content/archive/selection.hpp"

namespace okg::content {

struct ArchiveSource {
  int fd = -1;  ///< a regular file
  Selection selection{};
  NameEncoding names = NameEncoding::kUtf8;
};

/// How far an archive is unpacked.
struct UnpackProgress {
  std::uint64_t bytes_done = 0;  ///< of the archive itself, as it is packed
  std::uint64_t bytes_total = 0;
  std::uint64_t files_done = 0;                ///< symlinks included
  std::optional<std::uint64_t> files_total{};  ///< absent: a tar says it at its end only
};
/// Hears of it at the beginning, at the end, and 20 times a second at most.
using OnUnpacked = std::function<void(const UnpackProgress&)>;

/// Returns the number of files. Errors: kRefused (kUnsafeArchive,
/// kTooLarge), kStopping, what reading says, and what the sink
/// says; the sink has had a part of the archive then.
Result<std::uint64_t> read_archive(
    const ArchiveSource& source, const ArchiveLimits& limits, EntrySink& sink,
    const std::stop_token& stop, const OnUnpacked& on_unpacked = [](const UnpackProgress&) {});

}  // namespace okg::content
