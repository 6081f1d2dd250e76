#include "base/io/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <vector>

#include "base/log.hpp"
#include "base/text/bytes.hpp"

namespace okg {

Result<unique_fd> open_file(const std::filesystem::path& path, int flags, mode_t mode) {
  unique_fd fd(::open(path.c_str(), flags | O_CLOEXEC, mode));
  if (!fd) return errno_error("open " + path.string(), errno);
  return fd;
}

Result<void> write_all(int fd, std::span<const std::byte> bytes, std::string_view what) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_error("write " + std::string(what), errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> write_all(int fd, std::string_view text, std::string_view what) {
  return write_all(fd, as_bytes(text), what);
}

Result<void> sync_file(int fd, std::string_view what) {
  if (::fsync(fd) != 0) return errno_error("fsync " + std::string(what), errno);
  return {};
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  auto fd = open_file(directory, O_RDONLY | O_DIRECTORY);
  if (!fd) return fd.error();
  if (::fsync(fd->get()) == 0) return {};
  return unsynced_directory(errno, directory.string());
}

Result<void> unsynced_directory(int cause, std::string_view what) {
  if (cause != EINVAL) return errno_error("fsync " + std::string(what), cause);
  static std::atomic<bool> is_said = false;
  if (!is_said.exchange(true))
    log::warn("the file system offers no fsync of a folder; it alone decides when names are safe",
              {{"path", std::string(what)}});
  return {};
}

namespace {

/// One read into `buffer`; 0 at the end.
Result<std::size_t> read_some(int fd, std::span<std::byte> buffer, std::string_view what) {
  for (;;) {
    const auto got = ::read(fd, buffer.data(), buffer.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return errno_error("read " + std::string(what), errno);
  }
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  auto fd = open_file(path, O_RDONLY | O_NONBLOCK);
  if (!fd) return fd.error();
  struct stat status {};
  if (::fstat(fd->get(), &status) != 0) return errno_error("stat " + path.string(), errno);
  // A read of a FIFO would wait, one of a device might not end.
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
    return fail(ErrorCode::kInvalid, path.string(), " is not a regular file");
  return read_all(fd->get(), max_bytes, path.string());
}

Result<std::string> read_file_or_pipe(const std::filesystem::path& path, std::size_t max_bytes) {
  auto fd = open_file(path, O_RDONLY);
  if (!fd) return fd.error();
  return read_all(fd->get(), max_bytes, path.string());
}

Result<std::string> read_all(int fd, std::size_t max_bytes, std::string_view what) {
  std::string text;
  std::vector<std::byte> buffer(16 * 1024);
  for (;;) {
    auto got = read_some(fd, buffer, what);
    if (!got) return got.error();
    if (*got == 0) return text;
    if (text.size() + *got > max_bytes)
      return fail(ErrorCode::kRefused, what, " is longer than ", max_bytes, " bytes");
    text.append(as_text(std::span(buffer).first(*got)));
  }
}

Result<std::size_t> read_at(int fd, std::uint64_t at, std::span<std::byte> buffer,
                            std::string_view what) {
  for (;;) {
    const auto got = ::pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(at));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return errno_error("read " + std::string(what), errno);
  }
}

Result<std::string> read_range(int fd, std::uint64_t at, std::size_t bytes, std::string_view what) {
  std::string text(bytes, '\0');
  std::size_t have = 0;
  while (have < bytes) {
    auto got = read_at(fd, at + have, std::as_writable_bytes(std::span(text)).subspan(have), what);
    if (!got) return got.error();
    if (*got == 0) break;
    have += *got;
  }
  text.resize(have);
  return text;
}

Result<FileDigest> digest_of(int fd, std::string_view what, const std::stop_token& stop) {
  std::vector<std::byte> buffer(128 * 1024);
  Sha256Stream stream;
  FileDigest digest;
  for (;;) {
    if (stop.stop_requested())
      return fail(ErrorCode::kStopping, "stopped while ", what, " was read");
    auto got = read_some(fd, buffer, what);
    if (!got) return got.error();
    if (*got == 0) break;
    stream.update(std::span(buffer).first(*got));
    digest.bytes += *got;
  }
  digest.sha256 = stream.finish();
  return digest;
}

}  // namespace okg
