// Reads an archive (tar, tar.gz, tar.zst, tar.xz, zip,
// told by content) and hands on what is wanted of it.
// Nothing reaches the sink that has not been checked.
#pragma once

#include <cstdint>
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

/// Returns the number of files. Errors: kRefused (kUnsafeArchive,
/// kTooLarge), kStopping, what reading says, and what the sink
/// says; the sink has had a part of the archive then.
Result<std::uint64_t> read_archive(const ArchiveSource& source, const ArchiveLimits& limits,
                                   EntrySink& sink, const std::stop_token& stop);

}  // namespace okg::content
