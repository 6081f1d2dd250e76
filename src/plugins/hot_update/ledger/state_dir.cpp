#include "plugins/hot_update/ledger/state_dir.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/io/file.hpp"
#include "base/log.hpp"
#include "files/private_folder.hpp"
#include "files/replace.hpp"
#include "plugins/hot_update/ledger/replay.hpp"
#include "results/local_store.hpp"

namespace okg::hot_update {
namespace {

/// A name with a slash at its end would be followed if it were a symlink.
std::filesystem::path without_last_slash(const std::filesystem::path& directory) {
  return directory.has_filename() ? directory : directory.parent_path();
}

Result<void> keep_private(const files::Folder& folder) {
  if (auto ok = files::check_owner(folder); !ok)
    return ok.error().advise(
        "remove it, run the sidecar as that user (runAsUser), or put stateDir elsewhere");
  const auto was_open = files::close_to_others(folder);
  if (!was_open)
    return was_open.error().advise(
        "mount the volume so that its folders have the mode 0700 (dir_mode), or put stateDir "
        "elsewhere");
  if (*was_open)
    log::info("the state directory was open to others, and is not any more",
              {{"path", folder.path().string()}});
  return {};
}

Result<files::Folder> make_root(const std::filesystem::path& directory) {
  auto root = files::Folder::make(without_last_slash(directory), 0700);
  if (!root && root.error().code == ErrorCode::kNotFound)
    return root.error()
        .advise(
            "mount the shared volume at its parent (volumeMounts), or set fileDir to where it "
            "is mounted")
        .because(Reason::kSharedDirectoryMissing);
  if (!root && root.error().reason == Reason::kNoPermission)
    return root.error().advise(kCureOfNoAccess);
  if (!root) return root;
  if (auto ok = keep_private(*root); !ok) return ok.error();
  return root;
}

Result<files::Folder> make_private_folder(const files::Folder& root, const std::string& name) {
  auto folder = root.make_folder(name, 0700);
  if (!folder) return folder;
  if (auto ok = keep_private(*folder); !ok) return ok.error();
  return folder;
}

/// @source flock(2): EWOULDBLOCK alone means that somebody else holds it. ENOLCK, ENOSYS and
/// EOPNOTSUPP are answers of network file systems without locks.
Result<void> take_lock(int file, const std::filesystem::path& directory) {
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return {};
  const int cause = errno;
  if (cause == EWOULDBLOCK)
    return fail(ErrorCode::kConflict, Reason::kStateDirInUse, "another okg-sidecar is using ",
                directory, "; give each its own shared directory (fileDir), or stop the other one");
  auto error = errno_error("lock " + (directory / "lock").string(), cause);
  if (cause != ENOLCK && cause != ENOSYS && cause != EOPNOTSUPP) return error;
  log::warn(
      "the file system offers no locks, so that a second okg-sidecar would not be noticed; give "
      "each its own shared directory (fileDir)",
      {{"error", error.message}});
  return {};
}

/// Files that a killed start was about to put in place of journal and result.
void remove_half_written(const files::Folder& root) {
  for (const auto* name : {kJournalFile, results::LocalStore::kFile})
    files::remove_beside(root, name);
}

/// A symlink, a FIFO or another user's folder is
/// somebody's doing; anything else is the disk's.
Error explained(const Error& error) {
  const bool is_unsafe = error.code == ErrorCode::kInvalid || error.code == ErrorCode::kForbidden;
  return error.because(is_unsafe ? Reason::kStateDirUnsafe : Reason::kDiskError);
}

}  // namespace

Result<void> make_beside_state(const std::filesystem::path& file_dir,
                               const std::filesystem::path& state_dir) {
  const auto folder = without_last_slash(file_dir);
  const auto parent = folder.parent_path();
  struct stat status {};
  if (parent != without_last_slash(state_dir).parent_path()) return {};
  if (::stat(parent.c_str(), &status) != 0) return {};  // StateDir::open() says what is missing
  const auto mode = status.st_mode & 07777;
  if (::mkdir(folder.c_str(), mode) != 0 && errno == EEXIST) return {};
  if (::chmod(folder.c_str(), mode) == 0) return {};
  return errno_error("make " + folder.string(), errno)
      .advise("the shared volume has to be mounted at " + parent.string() +
              ", and this user has to be able to write there")
      .because(Reason::kSharedDirectoryMissing);
}

Result<StateDir> StateDir::open(const std::filesystem::path& directory) {
  auto opened = open_all(directory);
  if (!opened) return explained(opened.error());
  return opened;
}

Result<StateDir> StateDir::open_all(const std::filesystem::path& directory) {
  auto root = make_root(directory);
  if (!root) return root.error();
  auto staging = make_private_folder(*root, "staging");
  if (!staging) return staging.error();
  auto kept = make_private_folder(*root, "kept");
  if (!kept) return kept.error();
  auto trees = make_private_folder(*root, "trees");
  if (!trees) return trees.error();
  auto spares = make_private_folder(*root, "spares");
  if (!spares) return spares.error();
  auto lock = root->open_file("lock", O_RDWR | O_CREAT, 0600);
  if (!lock) return lock.error();
  if (auto ok = take_lock(lock->get(), root->path()); !ok) return ok.error();
  // Its name has to survive before anything is promised
  // in it. The journal does the same for what is in it.
  if (auto ok = sync_directory(root->path().parent_path()); !ok) return ok.error();
  if (auto ok = files::empty(*staging); !ok) return ok.error();
  remove_half_written(*root);
  return StateDir(std::move(*root), std::move(*staging), std::move(*kept), std::move(*trees),
                  std::move(*spares), std::move(*lock));
}

}  // namespace okg::hot_update
