#include "files/removal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>
#include <vector>

#include "base/text/concat.hpp"
#include "files/beneath.hpp"
#include "files/folder.hpp"

namespace okg::files {
namespace {

/// Also where another part of the same file system is mounted.
/// @source statx(2): STATX_ATTR_MOUNT_ROOT, since Linux 5.8
bool is_mount_point(int folder, dev_t device) {
  struct statx status {};
  if (::statx(folder, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status) != 0) return false;
  return (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0 ||
         ::makedev(status.stx_dev_major, status.stx_dev_minor) != device;
}

/// One thing that is being removed.
class Removal {
 public:
  Removal(RemovalCalls& calls, int top, std::string name, dev_t device)
      : calls_(calls), top_(top), name_(std::move(name)), device_(device) {}

  Result<void> run() {
    if (auto ok = remove(top_, name_, 1); !ok) return ok;
    while (!raised_.empty()) {
      const auto name = std::move(raised_.back());
      raised_.pop_back();
      if (auto ok = remove(top_, name, 1); !ok) return ok;
    }
    return {};
  }

 private:
  Result<void> remove(int folder, const std::string& name, std::size_t level) {
    if (calls_.unlink(folder, name.c_str()) == 0 || errno == ENOENT) return {};
    const int cause = errno;
    if (level > kMaxLevels) return raise(folder, name);
    auto below = open_beneath(folder, name, O_RDONLY | O_DIRECTORY);
    if (!below) return errno_error("remove " + name, cause);
    // Its content is somebody else's.
    if (is_mount_point(below.get(), device_))
      return fail(ErrorCode::kInvalid, Reason::kTargetIsMountPoint, "remove the folder ", name,
                  ": it is a mount point; unmount it");
    auto names = names_in(below.get(), name);
    if (!names) return names.error();
    for (const auto& each : *names)
      if (auto ok = remove(below.get(), each, level + 1); !ok) return ok;
    below.reset();
    if (calls_.remove_folder(folder, name.c_str()) == 0 || errno == ENOENT) return {};
    return errno_error("remove the folder " + name, errno);
  }

  /// Somebody may have nested folders without an end:
  /// those that are too deep are removed at the top.
  Result<void> raise(int folder, const std::string& name) {
    for (;;) {
      auto raised = concat(name_, ".", ++last_raised_);
      if (calls_.rename(folder, name.c_str(), top_, raised.c_str()) == 0) {
        raised_.push_back(std::move(raised));
        return {};
      }
      // An earlier start was ended before it had removed it.
      if (errno == ENOTEMPTY || errno == EEXIST) continue;
      return errno_error(concat("rename ", name, " to ", raised), errno);
    }
  }

  RemovalCalls& calls_;
  int top_;
  std::string name_;
  dev_t device_;
  std::size_t last_raised_ = 0;
  std::vector<std::string> raised_;
};

}  // namespace

int RemovalCalls::rename(int from_folder, const char* from, int to_folder, const char* to) {
  return ::renameat(from_folder, from, to_folder, to);
}

int RemovalCalls::unlink(int folder, const char* name) { return ::unlinkat(folder, name, 0); }

int RemovalCalls::remove_folder(int folder, const char* name) {
  return ::unlinkat(folder, name, AT_REMOVEDIR);
}

Result<void> remove_tree(RemovalCalls& calls, int folder, const std::string& name) {
  struct stat top {};
  if (::fstat(folder, &top) != 0) return errno_error("stat the folder of " + name, errno);
  return Removal(calls, folder, name, top.st_dev).run();
}

}  // namespace okg::files
