#include "plugins/hot_update/disk/new_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "base/io/file.hpp"

namespace okg::hot_update {
namespace {

/// Bound of the files that wait for the other thread.
constexpr std::size_t kMaxBytesBehind = std::size_t{1} << 20U;

}  // namespace

unique_fd create_file(int folder, const std::string& path) {
  return unique_fd(
      ::openat(folder, path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
}

Result<void> set_mode(FileSystem& files, int file, mode_t mode, IndexEntry& entry,
                      const std::string& name) {
  struct stat status {};
  const bool is_set = files.change_mode(file, mode) == 0;
  const int cause = errno;
  if (::fstat(file, &status) != 0) return errno_error("stat " + name, errno);
  // Some file systems refuse every chmod, which
  // matters only where the mode has to change.
  if (!is_set && (status.st_mode & 07777U) != mode) return errno_error("chmod " + name, cause);
  entry.note(status);
  return {};
}

SmallFiles::SmallFiles(FileSystem& files, const files::Folder& root)
    : files_(files), root_(root), behind_(kMaxBytesBehind) {}

Result<void> SmallFiles::add(IndexEntry entry, mode_t mode, std::vector<std::byte> content) {
  const auto bytes = content.size();
  return behind_.add(bytes, [this, mode, entry = std::move(entry), content = std::move(content)] {
    return write(entry, mode, content);
  });
}

Result<void> SmallFiles::write(IndexEntry entry, mode_t mode,
                               const std::vector<std::byte>& content) {
  const auto name = root_.path_of(entry.path);
  const auto file = create_file(root_.fd(), entry.path);
  if (!file) return errno_error("create " + name, errno);
  if (auto ok = write_all(file.get(), content, name); !ok) return ok;
  if (auto ok = set_mode(files_, file.get(), mode, entry, name); !ok) return ok;
  written_.push_back(std::move(entry));
  return {};
}

Result<void> SmallFiles::wait(std::vector<IndexEntry>& entries) {
  if (auto ok = behind_.wait(); !ok) return ok;
  std::move(written_.begin(), written_.end(), std::back_inserter(entries));
  written_.clear();
  return {};
}

}  // namespace okg::hot_update
