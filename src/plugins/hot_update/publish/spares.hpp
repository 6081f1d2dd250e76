// The folder `spares/`: for each live tree that came by a manifest, links
// to its files, which become the next version. Nothing is lost with them.
#pragma once

#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "base/error.hpp"
#include "files/folder.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/disk/live_tree.hpp"
#include "plugins/hot_update/disk/spare_tree.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"

namespace okg::hot_update {

/// Thread-compatible. Both references outlive it.
class Spares {
 public:
  Spares(const StateDir& state, FileSystem& files, TreeModes modes)
      : state_(state), files_(files), modes_(modes) {}

  /// The live tree that spares are made for.
  struct Of {
    const std::string& index;  ///< its name in trees/, and theirs
    const std::string& path;
    const LiveTree& live;
  };
  struct Taken {
    files::Folder root;  ///< the folder in the container that is to become the path
    SpareTree tree;
  };
  /// Moves the spares to this name in staging. Nothing: there
  /// were none, or they could not be used, and were removed.
  [[nodiscard]] std::optional<Taken> take(const Of& of, const std::string& container) const;
  /// Makes them, unless they are there. What is left when it
  /// is stopped is of use. Errors: as errno says; nothing is left.
  [[nodiscard]] Result<void> make(const Of& of, const std::stop_token& stop) const;
  /// Removes those of other indexes. Errors: as errno says.
  [[nodiscard]] Result<void> remove_all_but(const std::set<std::string>& indexes,
                                            const std::stop_token& stop) const;

 private:
  [[nodiscard]] Result<Taken> look_at(const Of& of, const std::string& container) const;
  [[nodiscard]] Result<bool> fill(const Of& of, const std::string& container,
                                  const std::stop_token& stop) const;
  [[nodiscard]] Result<void> make_folder(int parent, const std::string& name, mode_t mode) const;

  const StateDir& state_;
  FileSystem& files_;
  TreeModes modes_;
};

}  // namespace okg::hot_update
