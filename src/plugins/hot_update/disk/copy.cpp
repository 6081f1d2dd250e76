#include "plugins/hot_update/disk/copy.hpp"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <vector>

#include "base/file.hpp"

namespace okg::hot_update {

Result<void> copy_bytes(int from, int to, const std::string& what) {
  // Shares the blocks where the file system can (XFS, Btrfs). @source ioctl_ficlone(2)
  if (::ioctl(to, FICLONE, from) == 0) return {};
  std::vector<std::byte> buffer(128 * 1024);
  off_t at = 0;
  for (;;) {
    const auto got = ::pread(from, buffer.data(), buffer.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("read the content to copy to " + what, errno);
    if (got == 0) return {};
    const auto bytes = std::span(buffer).first(static_cast<std::size_t>(got));
    if (auto ok = write_all(to, bytes, what); !ok) return ok;
    at += got;
  }
}

}  // namespace okg::hot_update
