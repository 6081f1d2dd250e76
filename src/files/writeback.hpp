// Has the kernel bring a file to the disk while it is still being
// written, so that the fsync of a large one has little left to wait for.
#pragma once

#include <cstdint>

namespace okg::files {

/// Serves one file that is appended to.
class Writeback {
 public:
  /// `bytes` of the file have been written. For every 8 MiB
  /// of them the kernel is asked to begin, and nobody waits.
  void note(int fd, std::uint64_t bytes);

 private:
  std::uint64_t begun_ = 0;  ///< bytes that the kernel was asked for
};

}  // namespace okg::files
