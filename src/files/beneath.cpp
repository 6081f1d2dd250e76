#include "files/beneath.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace okg::files {
namespace {

constexpr int kAlways = O_CLOEXEC | O_NOFOLLOW;

int openat2(int folder, const char* name, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | kAlways);
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return static_cast<int>(::syscall(SYS_openat2, folder, name, &how, sizeof how));
}

bool leads_out(const std::string& part) { return part.empty() || part == "." || part == ".."; }

}  // namespace

unique_fd open_beneath(int folder, const std::string& name, int flags, mode_t mode) {
  unique_fd file(openat2(folder, name.c_str(), flags, mode));
  // A profile that does not know the call answers
  // EPERM, as the file itself may: openat tells.
  if (!file && (errno == ENOSYS || errno == EPERM))
    return open_part_by_part(folder, name, flags, mode);
  return file;
}

unique_fd open_part_by_part(int folder, const std::string& name, int flags, mode_t mode) {
  unique_fd parent;
  std::size_t begin = 0;
  for (auto slash = name.find('/'); slash != std::string::npos;
       begin = slash + 1, slash = name.find('/', begin)) {
    const auto part = name.substr(begin, slash - begin);
    if (leads_out(part)) {
      errno = EXDEV;
      return {};
    }
    const int at = parent ? parent.get() : folder;
    parent.reset(::openat(at, part.c_str(), O_PATH | O_DIRECTORY | kAlways));
    // With O_DIRECTORY a symlink is ENOTDIR: openat2 says ELOOP, and so does this.
    if (!parent && errno == ENOTDIR) errno = ELOOP;
    if (!parent) return {};
  }
  const auto last = name.substr(begin);
  if (leads_out(last)) {
    errno = EXDEV;
    return {};
  }
  return unique_fd(::openat(parent ? parent.get() : folder, last.c_str(), flags | kAlways, mode));
}

}  // namespace okg::files
