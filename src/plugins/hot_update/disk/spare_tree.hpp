// A folder of links to the files of a live tree, made before anybody asks
// for it: a version of which little changed is built in it with a few calls.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "content/manifest/manifest.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/disk/live_tree.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"

namespace okg::hot_update {

/// Links what of the live tree is as its index says into the folder `into`,
/// as far as it is not there yet. False: stopped before the end. A file that
/// cannot be linked is left out. Errors: as errno says.
Result<bool> link_tree(FileSystem& files, const LiveTree& live, TreeModes modes, int into,
                       const std::stop_token& stop);

/// The content of such a folder. Thread-compatible.
class SpareTree {
 public:
  using Paths = std::set<std::string, std::less<>>;

  /// Files that are not what the index says are removed from the open folder
  /// `root`, also after a power cut or a restore from a copy. Errors: kConflict,
  /// it holds something else and cannot be used; as errno says.
  static Result<SpareTree> look_at(FileSystem& files, int root, const TreeIndex& index,
                                   TreeModes modes);

  /// Removes what is not as the manifest wants it.
  Result<void> keep_only(const std::vector<content::ManifestFile>& wanted);
  /// Whether the file of this entry of the index is there.
  [[nodiscard]] bool has(const IndexEntry& entry) const { return holds_[position(entry)]; }
  [[nodiscard]] bool has_folder(const std::string& path) const { return folders_.contains(path); }

 private:
  SpareTree(FileSystem& files, int root, const TreeIndex& index)
      : files_(&files), root_(root), index_(&index), holds_(index.entries().size()) {}
  Result<void> look(TreeModes modes);
  Result<void> look_at_file(int folder, const std::string& name, const IndexEntry& entry,
                            mode_t mode);
  [[nodiscard]] Result<std::size_t> count() const;
  Result<void> keep_only_folders(const Paths& wanted);
  Result<void> remove_file(const IndexEntry& entry);
  [[nodiscard]] std::size_t position(const IndexEntry& entry) const {
    return static_cast<std::size_t>(&entry - index_->entries().data());
  }

  FileSystem* files_;
  int root_;
  const TreeIndex* index_;
  std::vector<bool> holds_;  ///< for each entry of the index
  Paths folders_;
};

}  // namespace okg::hot_update
