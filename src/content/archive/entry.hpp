// The entries of an archive, one after the
// other, and the seam to their storage.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/error.hpp"

namespace okg::content {

enum class EntryKind {
  kFile,
  kFolder,
  kSymlink,   ///< `link` is what it says.
  kHardLink,  ///< `link` is the path of a file that came before.
};

struct Entry {
  std::string path;  ///< "maps/1.json": checked, in UTF-8, and as Selection makes it
  EntryKind kind = EntryKind::kFile;
  bool is_executable = false;
  std::string link{};
};

/// Gets what read_archive() has checked. Its errors end the reading.
class EntrySink {
 public:
  EntrySink() = default;
  EntrySink(const EntrySink&) = delete;
  EntrySink& operator=(const EntrySink&) = delete;
  virtual ~EntrySink() = default;

  /// Folders may come after what is in them, or not at all.
  virtual Result<void> begin(const Entry& entry) = 0;
  /// The next bytes of the file that began last.
  virtual Result<void> write(std::span<const std::byte> bytes) = 0;
  /// No more of it follows.
  virtual Result<void> end() = 0;
};

}  // namespace okg::content
