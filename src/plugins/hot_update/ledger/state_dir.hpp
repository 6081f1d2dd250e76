// `<fileDir>/.okg-sidecar/`: staging, kept versions and the journal. Mode 0700; lives and dies with
// the content it describes.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace okg::hot_update {

/// Whether `path` is `folder` or below it, by their names alone.
[[nodiscard]] bool is_below(const std::filesystem::path& path, const std::filesystem::path& folder);

class StateDir {
 public:
  /// Creates what is missing, takes the lock that keeps a second sidecar out, and empties staging.
  /// Errors: kConflict when another process holds the lock; else as errno says, naming the folder
  /// and the cure.
  static Result<StateDir> open(const std::filesystem::path& directory);

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path staging() const { return root_ / "staging"; }
  [[nodiscard]] std::filesystem::path kept() const { return root_ / "kept"; }
  [[nodiscard]] std::filesystem::path result_file() const { return root_ / "result.json"; }

 private:
  StateDir(std::filesystem::path root, unique_fd lock)
      : root_(std::move(root)), lock_(std::move(lock)) {}
  std::filesystem::path root_;
  unique_fd lock_;
};

}  // namespace okg::hot_update
