// An open folder. What is below it is reached through its
// descriptor alone: never out of it, never through a symlink,
// and never by waiting for somebody at the other end of a FIFO.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"

namespace okg::files {

/// Copies share the descriptor. Whoever renames or replaces the
/// folder's path later moves nothing of what is opened here.
class Folder {
 public:
  /// Symlinks on the way are followed, as whoever configured
  /// the path may mean them; `path` itself is none. Errors:
  /// kInvalid, it is a symlink or no folder; as errno says.
  static Result<Folder> open(const std::filesystem::path& path);
  /// Makes `path` with `mode` when it is not there, and opens it. Errors: as open().
  static Result<Folder> make(const std::filesystem::path& path, mode_t mode);

  /// A folder below this one. Errors: as open().
  [[nodiscard]] Result<Folder> open_folder(const std::string& name) const;
  /// A folder below this one, made with `mode` when it is not there. Errors: as open().
  [[nodiscard]] Result<Folder> make_folder(const std::string& name, mode_t mode) const;

  /// Opens a regular file below this one, as open(2) does.
  /// Errors: kInvalid, it is a symlink, a folder, a FIFO or a
  /// device, or `name` leads out of the folder; as errno says.
  /// @source openat2(2), RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS
  [[nodiscard]] Result<unique_fd> open_file(const std::string& name, int flags,
                                            mode_t mode = 0) const;
  /// All of a regular file. Errors: as open_file();
  /// kRefused, it is longer than `max_bytes`.
  [[nodiscard]] Result<std::string> read(const std::string& name, std::size_t max_bytes) const;
  /// All names in it but "." and "..", in no order.
  [[nodiscard]] Result<std::vector<std::string>> names() const;
  /// The names in it are on the disk when this returns; see unsynced_directory().
  [[nodiscard]] Result<void> sync() const;

  [[nodiscard]] int fd() const { return fd_->get(); }
  /// For messages only.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string path_of(const std::string& name) const {
    return (path_ / name).string();
  }

 private:
  Folder(unique_fd fd, std::filesystem::path path)
      : fd_(std::make_shared<const unique_fd>(std::move(fd))), path_(std::move(path)) {}

  std::shared_ptr<const unique_fd> fd_;
  std::filesystem::path path_;
};

/// The same of a folder that is open; `whole` is for messages. The names
/// are read before any of them is used: removing while reading may skip some.
[[nodiscard]] Result<std::vector<std::string>> names_in(int folder, const std::string& whole);

}  // namespace okg::files
