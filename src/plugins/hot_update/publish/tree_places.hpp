// Where trees are: the folder that has a path's name, and the containers of kept/.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"
#include "files/folder.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/place.hpp"
#include "results/tree_entry.hpp"

namespace okg::hot_update {

/// Whether the path of a target is the shared directory itself.
[[nodiscard]] inline bool is_whole_directory(const std::string& path) {
  return path == results::kWholeDirectory;
}

/// The last part of a path; empty for the shared directory itself.
[[nodiscard]] std::string tree_name(const std::string& path);

/// The folder in which the names of a target are.
struct TreeParent {
  unique_fd folder;
  std::string name;   ///< of the path in it; empty for the shared directory itself
  std::string whole;  ///< for messages
};

/// Thread-compatible. All references outlive it.
class TreePlaces {
 public:
  TreePlaces(const std::filesystem::path& file_dir, const StateDir& state, FileSystem& files)
      : file_dir_(file_dir), state_(state), files_(files) {}

  /// Errors: kInvalid for a path that would leave the shared
  /// directory; as errno says.
  [[nodiscard]] Result<TreeParent> open_parent(const std::string& path, Folders folders) const;
  /// The folder that the path's name is in, as far as there is one.
  /// Errors: kInvalid for a path that would leave the shared
  /// directory, or take the state directory or a mount with it; as errno says.
  [[nodiscard]] Result<unique_fd> check(const std::string& path) const;
  /// Errors: kInvalid where something is mounted at one of the paths, or below it: it
  /// would go with the folder that it is in.
  [[nodiscard]] Result<void> check_mounts(const std::vector<std::string>& paths) const;
  /// In kept/.
  [[nodiscard]] Result<files::Folder> open_container(const std::string& name) const;
  /// The rule of disk/off_limits.hpp; `folder` is the shared directory, open.
  [[nodiscard]] bool is_off_limits(int folder, const std::string& name) const;

 private:
  const std::filesystem::path& file_dir_;
  const StateDir& state_;
  FileSystem& files_;
};

}  // namespace okg::hot_update
