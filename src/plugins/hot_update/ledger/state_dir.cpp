#include "plugins/hot_update/ledger/state_dir.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/file.hpp"
#include "base/log.hpp"

namespace okg::hot_update {
namespace {

Result<void> make_directory(const std::filesystem::path& directory) {
  if (::mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) return {};
  auto error = errno_error("make the state directory " + directory.string(), errno);
  if (error.code == ErrorCode::kNotFound)
    error.message +=
        "; mount the shared volume at its parent (volumeMounts), or set fileDir to where it is "
        "mounted";
  return error;
}

Result<void> remove_files_in(const std::filesystem::path& directory) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    std::filesystem::remove_all(entry.path(), error);
    if (error) break;
  }
  if (error) return errno_error("empty " + directory.string(), error.value());
  return {};
}

/// @source flock(2): EWOULDBLOCK alone means that somebody else holds it. ENOLCK, ENOSYS and
/// EOPNOTSUPP are answers of network file systems without locks.
Result<void> take_lock(int file, const std::filesystem::path& directory) {
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return {};
  const int cause = errno;
  if (cause == EWOULDBLOCK)
    return fail(ErrorCode::kConflict,
                "another okg-sidecar is using " + directory.string() +
                    "; give each its own shared directory (fileDir), or stop the other one");
  auto error = errno_error("lock " + (directory / "lock").string(), cause);
  if (cause != ENOLCK && cause != ENOSYS && cause != EOPNOTSUPP) return error;
  log::warn(
      "the file system offers no locks, so that a second okg-sidecar would not be noticed; give "
      "each its own shared directory (fileDir)",
      {{"error", error.message}});
  return {};
}

/// What a start that was killed was about to put in place of journal and result.
void remove_half_written(const std::filesystem::path& directory) {
  for (const auto* name : {"journal.new", "result.json.new"}) ::unlink((directory / name).c_str());
}

}  // namespace

bool is_below(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const auto with_slash = [](const std::filesystem::path& each) {
    return (each / "").lexically_normal().string();
  };
  return with_slash(path).starts_with(with_slash(folder));
}

Result<StateDir> StateDir::open(const std::filesystem::path& directory) {
  for (const auto& each : {directory, directory / "staging", directory / "kept"})
    if (auto ok = make_directory(each); !ok) return ok.error();
  auto lock = open_file(directory / "lock", O_RDWR | O_CREAT, 0600);
  if (!lock) return lock.error();
  if (auto ok = take_lock(lock->get(), directory); !ok) return ok.error();
  // Its name has to survive before anything is promised in it. The journal does the same for what
  // is in it.
  if (auto ok = sync_directory(directory.parent_path()); !ok) return ok.error();
  if (auto ok = remove_files_in(directory / "staging"); !ok) return ok.error();
  remove_half_written(directory);
  return StateDir(directory, std::move(*lock));
}

}  // namespace okg::hot_update
