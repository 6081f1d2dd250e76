#include "plugins/hot_update/publish/kept_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <utility>

#include "base/io/file.hpp"
#include "base/log.hpp"
#include "plugins/hot_update/disk/copy.hpp"
#include "plugins/hot_update/disk/tree_walk.hpp"

namespace okg::hot_update {
namespace {

/// A copy never has the set-id bits of the original: its owner is another one.
constexpr mode_t kCopiedMode = 0777;

Error not_regular(const Place& place, Reason reason) {
  return fail(ErrorCode::kInvalid, reason, place.whole,
              " is not a regular file; remove it, or say another place with path=NAME");
}

void empty_folder(FileSystem& files, const files::Folder& folder,
                  const std::function<bool(const std::string&)>& is_needed) {
  const auto names = folder.names();
  if (!names) log::warn("a folder could not be tidied up", {{"error", names.error().message}});
  if (!names) return;
  for (const auto& name : *names) {
    if (is_needed(name)) continue;
    if (auto ok = remove_tree(files, folder.fd(), name); !ok)
      log::warn("a file that nothing needs could not be deleted",
                {{"error", ok.error().in(folder.path().string()).message}});
  }
}

}  // namespace

Result<void> KeptFolder::copy(int from, const files::Folder& folder, const std::string& name,
                              const Setting<unsigned>& min_free_percent) const {
  struct stat status {};
  if (::fstat(from, &status) != 0) return errno_error("stat what to copy", errno);
  const auto whole = folder.path_of(name);
  // Never into a file that is there: the link may have been
  // made and its answer lost (NFS), and that be what is copied.
  files_.unlink(folder.fd(), name.c_str());
  auto file = folder.open_file(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file) return file.error();
  if (auto ok = copy_bytes(from, file->get(), whole, min_free_percent); !ok) return ok;
  if (files_.change_mode(file->get(), status.st_mode & kCopiedMode) != 0)
    return errno_error("chmod " + whole, errno);
  if (files_.sync(file->get()) != 0) return errno_error("fsync " + whole, errno);
  return {};
}

Result<void> KeptFolder::keep_file(const Place& place, int live, const std::string& name) const {
  const auto& kept = state_.kept();
  // Not allowed for another user's file
  // (fs.protected_hardlinks) and on some file systems.
  const bool is_linked = by_ == KeepBy::kLink && files_.link(place.folder.get(), place.name.c_str(),
                                                             kept.fd(), name.c_str()) == 0;
  if (!is_linked)
    if (auto ok = copy(live, kept, name, min_free_percent_); !ok) return ok;
  return sync_folder(files_, kept.fd(), kept.path().string());
}

Result<OldContent> KeptFolder::keep(const Place& place, KeptContent kept) const {
  const int folder = state_.kept().fd();
  files_.unlink(folder, kept.name.c_str());
  const auto live = open_there(place);
  if (!live && errno == ENOENT) return OldContent{};
  if (!live && errno == ELOOP) {
    auto link = link_target(place);
    if (link.empty()) return errno_error("read the symlink " + place.whole, errno);
    return OldContent::symlink(std::move(link));
  }
  if (!live && errno == ENXIO) return not_regular(place, Reason::kPathBlocked);  // a socket
  if (!live) return errno_error("open " + place.whole + " to keep it", errno);
  struct stat status {};
  if (::fstat(live.get(), &status) != 0) return errno_error("stat " + place.whole, errno);
  if (!S_ISREG(status.st_mode))
    return not_regular(place,
                       S_ISDIR(status.st_mode) ? Reason::kTargetIsDirectory : Reason::kPathBlocked);
  if (auto ok = keep_file(place, live.get(), kept.name); !ok) {
    files_.unlink(folder, kept.name.c_str());
    return ok.error().in("keep the old content of " + place.whole);
  }
  return OldContent::in_kept(std::move(kept));
}

Result<content::StagedFile> KeptFolder::put_in_staging(const std::string& name,
                                                       const std::string& staged_name) const {
  const auto& kept = state_.kept();
  const auto& staging = state_.staging();
  files_.unlink(staging.fd(), staged_name.c_str());
  if (files_.link(kept.fd(), name.c_str(), staging.fd(), staged_name.c_str()) != 0) {
    const auto file = kept.open_file(name, O_RDONLY);
    if (!file) return file.error();
    if (auto ok = copy(file->get(), staging, staged_name, {}); !ok) {
      files_.unlink(staging.fd(), staged_name.c_str());
      return ok.error();
    }
  }
  auto adopted = content::StagedFile::adopt({staging, staged_name});
  if (!adopted) files_.unlink(staging.fd(), staged_name.c_str());
  return adopted;
}

std::uint64_t KeptFolder::bytes_of(const std::string& name) const {
  struct stat status {};
  const bool is_seen =
      ::fstatat(state_.kept().fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  if (!is_seen) return 0;
  if (!S_ISDIR(status.st_mode)) return static_cast<std::uint64_t>(status.st_size);
  std::uint64_t bytes = 0;
  const auto folder = open_folder(state_.kept().fd(), name);
  const auto ok = walk_tree(folder.get(), [&](const Found& found) -> Result<bool> {
    const bool is_file = S_ISREG(found.status.st_mode);
    // A game can make sparse files of any size: beyond off_t nothing is counted.
    if (is_file)
      bytes = std::min<std::uint64_t>(bytes + std::uint64_t(found.status.st_size), INT64_MAX);
    return true;
  });
  return ok ? bytes : 0;
}

std::optional<Sha256> KeptFolder::digest_of(const std::string& name) const {
  const auto file = state_.kept().open_file(name, O_RDONLY);
  if (!file) return std::nullopt;
  const auto digest = okg::digest_of(file->get(), state_.kept().path_of(name));
  if (!digest) return std::nullopt;
  return digest->sha256;
}

void KeptFolder::tidy(const Needed& needed) const {
  empty_folder(files_, state_.kept(),
               [&](const std::string& name) { return needed.kept.contains(name); });
  empty_folder(files_, state_.trees(),
               [&](const std::string& name) { return needed.trees.contains(name); });
  empty_folder(files_, state_.staging(), [](const std::string&) { return false; });
}

}  // namespace okg::hot_update
