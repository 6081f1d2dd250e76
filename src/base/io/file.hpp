// System calls on files, wrapped to return errors with their
// context. Calls relative to an open folder are in files/folder.hpp.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"
#include "base/io/unique_fd.hpp"

namespace okg {

Result<unique_fd> open_file(const std::filesystem::path& path, int flags, mode_t mode = 0);
/// Writes all of it, however many calls that takes.
Result<void> write_all(int fd, std::span<const std::byte> bytes, std::string_view what);
Result<void> write_all(int fd, std::string_view text, std::string_view what);
/// Content and size are on the disk when this returns.
Result<void> sync_file(int fd, std::string_view what);
/// The names in this directory are on the disk
/// when this returns; see unsynced_directory().
Result<void> sync_directory(const std::filesystem::path& directory);
/// The result of an fsync of a directory that failed with `cause`: an
/// error, but for EINVAL. A file system that offers no such fsync
/// decides itself when names are durable; the log says so once.
Result<void> unsynced_directory(int cause, std::string_view what);
/// At most `max_bytes` of a regular file; kRefused when it is longer. A FIFO
/// is kInvalid: to open one may take for ever.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes);
/// The same of a file that somebody names on the command line and waits for.
/// It may be a pipe, `<(kubectl create token …)`.
Result<std::string> read_file_or_pipe(const std::filesystem::path& path, std::size_t max_bytes);
/// The same, from an open file; `what` is for messages.
Result<std::string> read_all(int fd, std::size_t max_bytes, std::string_view what);

/// One read from `at` on; 0 at the end of the file.
Result<std::size_t> read_at(int fd, std::uint64_t at, std::span<std::byte> buffer,
                            std::string_view what);
/// `bytes` from `at` on; fewer where the file ends before.
Result<std::string> read_range(int fd, std::uint64_t at, std::size_t bytes, std::string_view what);

struct FileDigest {
  Sha256 sha256;
  std::uint64_t bytes = 0;
};
/// Reads a regular file to its end, in fixed memory. Errors: kStopping; as errno says.
Result<FileDigest> digest_of(int fd, std::string_view what, const std::stop_token& stop = {});

}  // namespace okg
