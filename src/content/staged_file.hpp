// A file in staging: the only place where content is written that is not published yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
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
      : path_(std::exchange(other.path_, {})),
        fd_(std::move(other.fd_)),
        bytes_(other.bytes_),
        handed_over_(other.handed_over_) {}
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Asks the file system for the room at once, so that a full disk is met before the first byte.
  /// Errors: kNoSpace, also when less than `min_free_percent` of the volume would stay free and it
  /// is more than kSmallBytes. A file system that cannot reserve is none.
  Result<void> reserve(std::uint64_t bytes, unsigned min_free_percent) const;
  /// Appends.
  Result<void> write(std::span<const std::byte> chunk);
  /// Empties it.
  Result<void> restart();
  /// No more follows: what was reserved beyond it is given back.
  Result<void> finish() const;
  /// It has been renamed: it is no longer ours to remove.
  void release() { path_.clear(); }

  /// Content of this size is taken also on a volume that is nearly full.
  static constexpr std::uint64_t kSmallBytes = std::uint64_t{1} << 20U;

 private:
  StagedFile(std::filesystem::path path, unique_fd fd)
      : path_(std::move(path)), fd_(std::move(fd)) {}
  std::filesystem::path path_;
  unique_fd fd_;
  std::uint64_t bytes_ = 0;        ///< written
  std::uint64_t handed_over_ = 0;  ///< that the kernel has been asked to bring to the disk
};

}  // namespace okg::content
