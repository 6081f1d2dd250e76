#include "content/staged_file.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.hpp"
#include "base/text/byte_size.hpp"

namespace okg::content {
namespace {

constexpr std::uint64_t kWriteBehindBytes = std::uint64_t{8} << 20U;

/// Errors: kNoSpace. A kubelet evicts pods once a tenth of its disk is all that is left.
/// @source https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/
Result<void> check_free_space(int fd, std::uint64_t bytes, unsigned min_free_percent,
                              const std::string& what) {
  struct statvfs volume {};
  if (bytes <= StagedFile::kSmallBytes || ::fstatvfs(fd, &volume) != 0) return {};
  const auto free_bytes = std::uint64_t{volume.f_bavail} * volume.f_frsize;
  const auto spared = std::uint64_t{volume.f_blocks} * volume.f_frsize / 100 * min_free_percent;
  // What does not fit at all is for the file system to say.
  if (bytes > free_bytes || bytes + spared <= free_bytes) return {};
  return fail(ErrorCode::kNoSpace, Reason::kNoSpace, what, ": of ", format_byte_size(free_bytes),
              " less than download.minFreePercent (", min_free_percent,
              ") of the volume would stay free; make room on that file system");
}

}  // namespace

Result<StagedFile> StagedFile::create(StagedName at) {
  auto fd = at.folder.open_file(at.name, O_RDWR | O_CREAT | O_EXCL, 0600);
  if (!fd) {
    // It may have been made and the answer lost (NFS).
    ::unlinkat(at.folder.fd(), at.name.c_str(), 0);
    return fd.error();
  }
  return StagedFile(std::move(at), std::move(*fd));
}

Result<StagedFile> StagedFile::adopt(StagedName at) {
  auto fd = at.folder.open_file(at.name, O_RDONLY);
  if (!fd) return fd.error();
  return StagedFile(std::move(at), std::move(*fd));
}

Result<void> StagedFile::reserve(std::uint64_t bytes, unsigned min_free_percent) const {
  if (bytes == 0) return {};
  const auto what = "reserve " + format_byte_size(bytes) + " in " + at_.folder.path().string();
  if (auto ok = check_free_space(fd(), bytes, min_free_percent, what); !ok) return ok;
  const auto length = static_cast<off_t>(bytes);
  if (::fallocate(fd(), FALLOC_FL_KEEP_SIZE, 0, length) == 0) return {};
  // Network and user-space file systems answer ENOSYS,
  // EINVAL and others when they do not offer it.
  if (errno != ENOSPC && errno != EDQUOT) return {};
  return errno_error(what, errno);
}

Result<void> StagedFile::write(std::span<const std::byte> chunk) {
  // Written as it comes: gathering it first costs
  // a copy, and larger writes were no faster.
  if (auto ok = write_all(fd(), chunk, path()); !ok) return ok;
  bytes_ += chunk.size();
  if (bytes_ - handed_over_ < kWriteBehindBytes) return {};
  // The kernel begins to write, so that the fsync
  // of a large file has little left to wait for.
  // @source sync_file_range(2): a hint, whose failure changes nothing
  (void)::sync_file_range(fd(), static_cast<off_t>(handed_over_),
                          static_cast<off_t>(bytes_ - handed_over_), SYNC_FILE_RANGE_WRITE);
  handed_over_ = bytes_;
  return {};
}

Result<void> StagedFile::restart() {
  bytes_ = 0;
  handed_over_ = 0;
  if (::ftruncate(fd(), 0) != 0 || ::lseek(fd(), 0, SEEK_SET) != 0)
    return errno_error("truncate " + path(), errno);
  return {};
}

Result<void> StagedFile::finish() const {
  if (::ftruncate(fd(), static_cast<off_t>(bytes_)) != 0)
    return errno_error("truncate " + path(), errno);
  return {};
}

StagedFile::~StagedFile() {
  if (is_ours_) ::unlinkat(folder(), name().c_str(), 0);
}

}  // namespace okg::content
