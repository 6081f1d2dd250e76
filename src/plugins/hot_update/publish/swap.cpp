#include "plugins/hot_update/publish/swap.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/text.hpp"
#include "plugins/hot_update/publish/rename_error.hpp"

namespace okg::hot_update {
namespace {

/// Where the old content waits in the container while renames stand for an
/// exchange. No entry of an archive has a control character in its name.
std::string aside_of(const std::string& name) { return "\x01" + std::to_string(stable_hash(name)); }

Error swap_error(const SwapPlaces& places, const std::string& name) {
  const int cause = errno;
  auto error =
      errno_error("exchange " + places.whole + "/" + name + " with the new content", cause);
  if (cause == EBUSY)
    return error.advise("it is a mount point: mount a folder above it into the containers");
  return with_cure_of_access(error, cause);
}

/// @source renameat2(2): EINVAL of a file system without flags; ENOSYS of a kernel without the
/// call. overlayfs answers EXDEV for a folder of a lower layer.
bool has_no_exchange(int cause) {
  return cause == EINVAL || cause == ENOSYS || cause == ENOTSUP || cause == EXDEV;
}

Result<SwapKind> by_renames(FileSystem& files, const SwapPlaces& places, const std::string& name) {
  const auto* plain = name.c_str();
  const auto aside = aside_of(name);
  if (files.rename(places.folder, plain, places.container, aside.c_str()) != 0)
    return swap_error(places, name);
  if (files.rename(places.container, plain, places.folder, plain) != 0) {
    const auto error = swap_error(places, name);
    if (auto ok = settle_swap(files, places, name); !ok) return ok.error();
    return error;
  }
  if (auto ok = settle_swap(files, places, name); !ok) return ok.error();
  return SwapKind::kRenames;
}

}  // namespace

std::uint64_t inode_at(int folder, const std::string& name) {
  struct stat status {};
  return ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_ino : 0;
}

Result<SwapKind> swap_name(FileSystem& files, const SwapPlaces& places, const std::string& name) {
  const auto* plain = name.c_str();
  const bool is_staged = inode_at(places.container, name) != 0;
  const bool is_live = inode_at(places.folder, name) != 0;
  if (is_staged && is_live) {
    if (files.exchange(places.container, plain, places.folder, plain) == 0)
      return SwapKind::kExchange;
    if (!has_no_exchange(errno)) return swap_error(places, name);
    return by_renames(files, places, name);
  }
  if (is_staged && files.rename(places.container, plain, places.folder, plain) != 0)
    return swap_error(places, name);
  if (is_live && files.rename(places.folder, plain, places.container, plain) != 0)
    return swap_error(places, name);
  return SwapKind::kExchange;
}

Result<void> settle_swap(FileSystem& files, const SwapPlaces& places, const std::string& name) {
  const auto aside = aside_of(name);
  if (inode_at(places.container, aside) == 0) return {};
  const auto* plain = name.c_str();
  // Its new content is not live yet: back to where
  // it was. Else the old content gets its name.
  const bool goes_back = inode_at(places.folder, name) == 0;
  const int done = goes_back
                       ? files.rename(places.container, aside.c_str(), places.folder, plain)
                       : files.rename(places.container, aside.c_str(), places.container, plain);
  if (done != 0) return swap_error(places, name);
  return {};
}

}  // namespace okg::hot_update
