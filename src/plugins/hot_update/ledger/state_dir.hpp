// The state directory, mode 0700: the journal, its lock, staging, kept content,
// and of live trees what is in them (`trees/`) and links to their files (`spares/`).
#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"
#include "files/folder.hpp"

namespace okg::hot_update {

/// Of a folder of the volume that the sidecar's user may not write in.
inline constexpr std::string_view kCureOfNoAccess = "set fsGroup, or runAsUser, of the pod";

/// Makes `file_dir` where the state is kept beside it and their parent is there:
/// a game mounts that folder alone, and a sidecar that starts before the game is
/// the first on the volume. It gets its parent's permissions, as the kubelet gives
/// them to a subPath. Errors: as errno says, naming the folder and the cure.
Result<void> make_beside_state(const std::filesystem::path& file_dir,
                               const std::filesystem::path& state_dir);

/// Opened once: what is below it is reached through
/// these folders, whatever becomes of their paths.
class StateDir {
 public:
  /// Creates what is missing, takes the lock that keeps a second sidecar
  /// out, and empties staging. Errors: kConflict when another process holds
  /// the lock; kForbidden when the folder is another user's, or others can
  /// write in it; kInvalid when it is a symlink, or something in it is not
  /// what it has to be; else as errno says, naming the folder and the cure.
  static Result<StateDir> open(const std::filesystem::path& directory);

  [[nodiscard]] const files::Folder& root() const { return root_; }
  [[nodiscard]] const files::Folder& staging() const { return staging_; }
  [[nodiscard]] const files::Folder& kept() const { return kept_; }
  /// The indexes of trees that are live or kept, one file for each.
  [[nodiscard]] const files::Folder& trees() const { return trees_; }
  /// Links to trees that are live, for the next ones: SpareTree.
  [[nodiscard]] const files::Folder& spares() const { return spares_; }

 private:
  static Result<StateDir> open_all(const std::filesystem::path& directory);
  StateDir(files::Folder root, files::Folder staging, files::Folder kept, files::Folder trees,
           files::Folder spares, unique_fd lock)
      : root_(std::move(root)),
        staging_(std::move(staging)),
        kept_(std::move(kept)),
        trees_(std::move(trees)),
        spares_(std::move(spares)),
        lock_(std::move(lock)) {}
  files::Folder root_;
  files::Folder staging_;
  files::Folder kept_;
  files::Folder trees_;
  files::Folder spares_;
  unique_fd lock_;
};

}  // namespace okg::hot_update
