#include "files/writeback.hpp"

#include <fcntl.h>

namespace okg::files {
namespace {

constexpr std::uint64_t kStartBytes = std::uint64_t{8} << 20U;

}  // namespace

void Writeback::note(int fd, std::uint64_t bytes) {
  if (bytes - begun_ < kStartBytes) return;
  // @source sync_file_range(2): a hint, whose failure changes nothing
  (void)::sync_file_range(fd, static_cast<off_t>(begun_), static_cast<off_t>(bytes - begun_),
                          SYNC_FILE_RANGE_WRITE);
  begun_ = bytes;
}

}  // namespace okg::files
