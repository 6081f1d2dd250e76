#include "content/staged_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/io/file.hpp"
#include "base/text/byte_size.hpp"

namespace okg::content {

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

Result<void> StagedFile::reserve(std::optional<std::uint64_t> length,
                                 Setting<unsigned> min_free_percent) {
  headroom_.reset();
  if (!length) headroom_.emplace(min_free_percent);
  const auto bytes = length.value_or(0);
  if (bytes == 0) return {};
  const auto what = "reserve " + format_byte_size(bytes) + " in " + at_.folder.path().string();
  if (auto ok = files::check_stays_free(fd(), bytes, min_free_percent); !ok)
    return ok.error().in(what);
  if (::fallocate(fd(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) == 0) return {};
  // Network and user-space file systems answer ENOSYS,
  // EINVAL and others when they do not offer it.
  if (errno != ENOSPC && errno != EDQUOT) return {};
  return errno_error(what, errno);
}

Result<void> StagedFile::write(std::span<const std::byte> chunk) {
  if (headroom_)
    if (auto ok = headroom_->take(fd(), chunk.size()); !ok) return ok.error().in("write " + path());
  // Written as it comes: gathering it first costs
  // a copy, and larger writes were no faster.
  if (auto ok = write_all(fd(), chunk, path()); !ok) return ok;
  bytes_ += chunk.size();
  writeback_.note(fd(), bytes_);
  return {};
}

Result<void> StagedFile::restart() {
  bytes_ = 0;
  writeback_ = {};
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
