#include "files/headroom.hpp"

#include <sys/statvfs.h>

#include <algorithm>

#include "base/text/byte_size.hpp"

namespace okg::files {
namespace {

struct Room {
  std::uint64_t free_bytes = 0;
  std::uint64_t spared_bytes = 0;
};

/// Bytes that come before the next look, or
/// that another thread has yet to write.
constexpr std::uint64_t kAheadBytes = 2 * kSmallBytes;

/// A volume that says nothing counts as free.
Room room_of(int fd, unsigned min_free_percent) {
  struct statvfs volume {};
  if (::fstatvfs(fd, &volume) != 0) return {UINT64_MAX, 0};
  return {std::uint64_t{volume.f_bavail} * volume.f_frsize,
          std::uint64_t{volume.f_blocks} * volume.f_frsize / 100 * min_free_percent};
}

Error too_little(const Room& room, const Setting<unsigned>& min_free_percent) {
  const auto percent = std::to_string(min_free_percent.value);
  return fail(ErrorCode::kNoSpace, Reason::kNoSpace, "of ", format_byte_size(room.free_bytes),
              " less than ", name_of(min_free_percent, percent),
              " of the volume would stay free; make room on that file system");
}

}  // namespace

Result<void> check_stays_free(int fd, std::uint64_t bytes, Setting<unsigned> min_free_percent) {
  if (bytes <= kSmallBytes) return {};
  const auto room = room_of(fd, min_free_percent.value);
  if (bytes > room.free_bytes || bytes + room.spared_bytes <= room.free_bytes) return {};
  return too_little(room, min_free_percent);
}

Result<void> Headroom::take(int fd, std::uint64_t bytes) {
  taken_ += bytes;
  if (taken_ < kSmallBytes || min_free_percent_.value == 0) return {};
  taken_ = 0;
  const auto room = room_of(fd, min_free_percent_.value);
  if (std::max(bytes, kAheadBytes) + room.spared_bytes <= room.free_bytes) return {};
  return too_little(room, min_free_percent_);
}

}  // namespace okg::files
