// An append-only file of lines, each with a checksum:
// what survives a crash of the process or of the machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"
#include "files/folder.hpp"

namespace okg::hot_update {

/// One line on disk: 16 hexadecimal digits (FNV-1a 64 of the
/// text), a space, the text, a newline. Thread-compatible.
class Journal {
 public:
  /// Neither written nor read beyond: a start can read whatever was written.
  struct Limits {
    std::size_t file_bytes = 64 * 1024 * 1024;
    std::size_t line_bytes = 32 * 1024 * 1024;  ///< newline included
  };

  enum class Sync {
    kNo,   ///< The line is on the disk when the kernel gets to it.
    kYes,  ///< It is on the disk when append() returns.
  };
  struct Opened;

  /// Opens or creates the file of that name (mode 0600). A line that is
  /// not whole ends the journal: it and what follows were never promised
  /// to anyone, and are cut off. Errors: kRefused when this program has
  /// not written it (it is no regular file, another user's, or larger,
  /// or has a longer line, than this program writes), and as errno says.
  static Result<Opened> open(files::Folder folder, std::string name, Limits limits);
  /// The same, with the limits that every journal of a pod has.
  static Result<Opened> open(files::Folder folder, std::string name);

  /// Adds one line (no newline in it). With kYes it is on the
  /// disk when this returns. On an error the line is not there,
  /// or is taken away before the next one is added. Errors:
  /// kNoSpace, it would be beyond the limits; as errno says.
  Result<void> append(std::string_view text, Sync sync);
  /// Replaces all lines by these, atomically and durably. On an error they
  /// are what they were, unless may_be_replaced(). Errors: as append().
  Result<void> rewrite(const std::vector<std::string>& lines);
  /// A rename failed that may have been made all the same
  /// (NFS): what is appended could go to a file without a
  /// name. Another rewrite() has to come first.
  [[nodiscard]] bool may_be_replaced() const { return may_be_replaced_; }
  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  Journal(files::Folder folder, std::string name, Limits limits, unique_fd file)
      : folder_(std::move(folder)),
        name_(std::move(name)),
        limits_(limits),
        file_(std::move(file)) {}

  [[nodiscard]] std::string path() const { return folder_.path_of(name_); }
  /// The lines of `text` that are whole; the rest is cut off.
  Result<Opened> take_lines(const std::string& text) &&;

  Result<void> repair();
  [[nodiscard]] Result<void> check_limits(std::size_t line_bytes, std::uint64_t file_bytes) const;

  files::Folder folder_;
  std::string name_;
  Limits limits_;
  unique_fd file_;
  std::uint64_t size_bytes_ = 0;
  bool end_is_torn_ = false;
  bool may_be_replaced_ = false;
  bool name_is_unsynced_ = false;  ///< of the file that rewrite() put in place
};

struct Journal::Opened {
  Journal journal;
  std::vector<std::string> lines;
  std::uint64_t dropped_bytes = 0;  ///< of a torn end
  /// Whole lines among them. A crash leaves
  /// a few at most: many tell of damage.
  std::size_t dropped_lines = 0;
};

}  // namespace okg::hot_update
