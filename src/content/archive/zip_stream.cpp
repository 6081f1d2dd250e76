#include "content/archive/zip_stream.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace okg::content {
namespace {

constexpr std::size_t kZipReadBytes = std::size_t{64} * 1024;

}  // namespace

ZipStream::ZipStream(int fd, std::uint64_t bytes)
    : fd_(fd), bytes_(bytes), buffer_(kZipReadBytes) {}

int ZipStream::open(archive* reader) {
  ::archive_read_set_callback_data(reader, this);
  ::archive_read_set_read_callback(reader, read);
  ::archive_read_set_seek_callback(reader, seek);
  return ::archive_read_open1(reader);
}

la_ssize_t ZipStream::read(archive* reader, void* self, const void** to) {
  return static_cast<ZipStream*>(self)->next(reader, to);
}

la_ssize_t ZipStream::next(archive* reader, const void** to) {
  const auto wanted = std::min<std::uint64_t>(buffer_.size(), bytes_ - at_);
  for (;;) {
    const auto got = ::pread(fd_, buffer_.data(), wanted, static_cast<off_t>(at_));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      ::archive_set_error(reader, errno, "read the archive");
      return ARCHIVE_FATAL;
    }
    at_ += static_cast<std::uint64_t>(got);
    *to = buffer_.data();
    return got;
  }
}

la_int64_t ZipStream::seek(archive* /*reader*/, void* self, la_int64_t offset, int whence) {
  auto& zip = *static_cast<ZipStream*>(self);
  const auto size = static_cast<la_int64_t>(zip.bytes_);
  const auto from = whence == SEEK_SET   ? la_int64_t{0}
                    : whence == SEEK_CUR ? static_cast<la_int64_t>(zip.at_)
                                         : size;
  const auto to = std::clamp(from + std::clamp(offset, -size, size), la_int64_t{0}, size);
  zip.at_ = static_cast<std::uint64_t>(to);
  return to;
}

}  // namespace okg::content
