// The content of a tree: every path of it with its
// checksum, and how to see that it is untouched.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"
#include "files/folder.hpp"

namespace okg::hot_update {

enum class TreeKind { kFile, kFolder, kSymlink };

struct IndexEntry {
  std::string path;  ///< below the tree
  TreeKind kind = TreeKind::kFile;
  bool is_executable = false;
  std::uint64_t bytes = 0;
  Sha256 sha256{};  ///< of the content, or of what a symlink says
  // How the file was left. Nobody wrote to it as long as that is so.
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;

  /// Takes inode and time.
  void note(const struct stat& status);
  [[nodiscard]] bool is_untouched(const struct stat& status) const;
};

/// Thread-compatible.
class TreeIndex {
 public:
  TreeIndex() = default;
  /// In any order.
  explicit TreeIndex(std::vector<IndexEntry> entries);

  [[nodiscard]] const std::vector<IndexEntry>& entries() const { return entries_; }
  /// Nothing when there is no such path.
  [[nodiscard]] const IndexEntry* find(std::string_view path) const;
  /// Where the last path was found: the next one is looked for there first.
  struct Cursor {
    std::size_t next = 0;
  };
  /// The same, for paths that come mostly in order.
  [[nodiscard]] const IndexEntry* find(std::string_view path, Cursor& cursor) const;
  [[nodiscard]] std::uint64_t files() const;
  [[nodiscard]] std::uint64_t bytes() const;
  /// Digest of paths, kinds, execute bits and contents: the same on every machine.
  [[nodiscard]] Sha256 digest() const;
  /// The entries below `folder`, with paths from there on;
  /// with the name of a file: that file, its path empty.
  [[nodiscard]] std::vector<IndexEntry> below(std::string_view folder) const;

  /// Enough for 100,000 files with the longest paths: more is neither written nor read.
  static constexpr std::size_t kMaxBytes = std::size_t{256} << 20U;
  /// One line for each entry: kind, execute bit, bytes, inode, time, checksum, path.
  /// Errors: kRefused with kTooLarge, longer than `max_bytes`.
  [[nodiscard]] Result<std::string> to_text(std::size_t max_bytes = kMaxBytes) const;
  /// Errors: kRefused, it is not what to_text() writes.
  static Result<TreeIndex> parse(std::string_view text);
  /// Errors: also as files::Folder::read() says.
  static Result<TreeIndex> read(const files::Folder& folder, const std::string& name);

 private:
  std::vector<IndexEntry> entries_;  ///< by path
};

}  // namespace okg::hot_update
