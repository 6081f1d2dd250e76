#include "plugins/hot_update/disk/copy.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <vector>

#include "base/io/file.hpp"
#include "base/io/unique_fd.hpp"
#include "files/headroom.hpp"
#include "plugins/hot_update/disk/new_files.hpp"

namespace okg::hot_update {

Result<void> copy_bytes(int from, int to, const std::string& what,
                        const Setting<unsigned>& min_free_percent) {
  // Shares the blocks where the file system can (XFS, Btrfs). @source ioctl_ficlone(2)
  if (::ioctl(to, FICLONE, from) == 0) return {};
  struct stat status {};
  if (::fstat(from, &status) != 0) return errno_error("stat the content to copy to " + what, errno);
  const auto length = static_cast<std::uint64_t>(status.st_size);
  if (auto ok = files::check_stays_free(to, length, min_free_percent); !ok) return ok;
  std::vector<std::byte> buffer(128 * 1024);
  const auto source = "the content to copy to " + what;
  for (std::uint64_t at = 0;;) {
    const auto got = read_at(from, at, buffer, source);
    if (!got) return got.error();
    if (*got == 0) return {};
    if (auto ok = write_all(to, std::span(buffer).first(*got), what); !ok) return ok;
    at += *got;
  }
}

Result<void> copy_file(FileSystem& files, const FileCopy& copy, const std::string& what) {
  const unique_fd from(::openat(copy.from_folder, copy.from.c_str(),
                                O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!from) return errno_error("open the file to copy to " + what, errno);
  const auto to = create_file(copy.to_folder, copy.to);
  if (!to) return errno_error("create " + what, errno);
  if (auto ok = copy_bytes(from.get(), to.get(), what); !ok) return ok;
  if (files.change_mode(to.get(), copy.mode) != 0) return errno_error("chmod " + what, errno);
  return {};
}

}  // namespace okg::hot_update
