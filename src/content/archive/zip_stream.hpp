// A zip as libarchive reads it: it ends where its directory's end
// record does. libarchive looks for that record from the end
// of the file, where a comment may look like one.
#pragma once

#include <archive.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/error.hpp"

namespace okg::content {

/// Not safe for threads.
class ZipStream {
 public:
  /// Reads the first `bytes` of `fd`, which outlives it.
  ZipStream(int fd, std::uint64_t bytes);

  /// Has `reader` read it; it outlives the reader.
  [[nodiscard]] int open(archive* reader);
  [[nodiscard]] std::uint64_t at() const { return at_; }

 private:
  static la_ssize_t read(archive* reader, void* self, const void** to);
  static la_int64_t seek(archive* reader, void* self, la_int64_t offset, int whence);
  la_ssize_t next(archive* reader, const void** to);

  int fd_;
  std::uint64_t bytes_;
  std::uint64_t at_ = 0;
  std::vector<std::byte> buffer_;
};

}  // namespace okg::content
