// A file in staging: the only place where content is written that is not published yet.
#pragma once

#include <filesystem>
#include <utility>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace okg::content {

/// A file in staging that nobody else knows yet. Removed with its owner unless it was released.
class StagedFile {
 public:
  /// Creates `path` anew.
  static Result<StagedFile> create(std::filesystem::path path);
  /// Takes over a file that is there already, for reading.
  static Result<StagedFile> adopt(std::filesystem::path path);
  StagedFile(StagedFile&& other) noexcept
      : path_(std::exchange(other.path_, {})), fd_(std::move(other.fd_)) {}
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// It has been renamed: it is no longer ours to remove.
  void release() { path_.clear(); }

 private:
  StagedFile(std::filesystem::path path, unique_fd fd)
      : path_(std::move(path)), fd_(std::move(fd)) {}
  std::filesystem::path path_;
  unique_fd fd_;
};

}  // namespace okg::content
