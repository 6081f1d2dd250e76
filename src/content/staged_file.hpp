// A file in staging: the only place where content is written that is not published yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"
#include "files/folder.hpp"
#include "files/headroom.hpp"
#include "files/writeback.hpp"

namespace okg::content {

/// Where a file of staging is: the folder, and the name in it.
struct StagedName {
  files::Folder folder;
  std::string name;
};

/// A file in staging that nobody else knows yet.
/// Removed with its owner unless it was released.
class StagedFile {
 public:
  /// Creates an empty file.
  static Result<StagedFile> create(StagedName at);
  /// Takes over a regular file that is there already, for reading.
  static Result<StagedFile> adopt(StagedName at);
  StagedFile(StagedFile&& other) noexcept
      : at_(std::move(other.at_)),
        is_ours_(std::exchange(other.is_ours_, false)),
        fd_(std::move(other.fd_)),
        bytes_(other.bytes_),
        writeback_(other.writeback_),
        headroom_(other.headroom_) {}
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  /// For renames, with name().
  [[nodiscard]] int folder() const { return at_.folder.fd(); }
  [[nodiscard]] const std::string& name() const { return at_.name; }
  /// For messages.
  [[nodiscard]] std::string path() const { return at_.folder.path_of(at_.name); }
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Asks the file system for the room at once, so that a full disk is
  /// met before the first byte. Errors: kNoSpace, also when less than
  /// `min_free_percent` of the volume would stay free and it is more than
  /// files::kSmallBytes. A file system that cannot reserve is none. Without
  /// a length, write() looks at what is free as it comes, and says the same.
  Result<void> reserve(std::optional<std::uint64_t> length, Setting<unsigned> min_free_percent);
  /// Appends.
  Result<void> write(std::span<const std::byte> chunk);
  /// Empties it.
  Result<void> restart();
  /// No more follows: what was reserved beyond it is given back.
  Result<void> finish() const;
  /// It has been renamed: it is no longer ours to remove.
  void release() { is_ours_ = false; }

 private:
  StagedFile(StagedName at, unique_fd fd) : at_(std::move(at)), fd_(std::move(fd)) {}
  StagedName at_;
  bool is_ours_ = true;
  unique_fd fd_;
  std::uint64_t bytes_ = 0;  ///< written
  files::Writeback writeback_;
  std::optional<files::Headroom> headroom_;  ///< where no length was announced
};

}  // namespace okg::content
