// The central directory of a zip: read before anything is unpacked,
// since it alone says which names there are, and where entries lie.
// libarchive hands out the entries in the order of this list.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "content/archive/limits.hpp"

namespace okg::content {

struct ZipName {
  std::string raw;
  bool is_utf8 = false;  ///< as the archive says
  bool is_fifo = false;  ///< by its mode; libarchive takes one for a file
  std::uint64_t at = 0;  ///< of its local header in the file
};

/// True when the file begins as a zip does.
[[nodiscard]] bool is_zip(int fd);
/// True when the file ends as a zip does, whatever its beginning.
[[nodiscard]] bool ends_as_zip(int fd);

struct ZipDirectory {
  std::vector<ZipName> names;  ///< in the order of their places
  std::uint64_t end = 0;       ///< of the zip itself: a comment may follow
};

/// Errors: kRefused for what
/// is cut short, encrypted, in parts, overlaps, is packed by another method than
/// deflate, has something else before, between or behind its entries, or
/// more of them than `max_files`.
/// @source APPNOTE.TXT 6.3.10, 4.3 and 4.5.3 (ZIP64)
Result<ZipDirectory> read_zip_directory(int fd, const ArchiveLimits& limits);

}  // namespace okg::content
