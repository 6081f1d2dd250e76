#include "files/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>

#include "base/io/file.hpp"
#include "files/beneath.hpp"

namespace okg::files {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

Error no_folder(const std::filesystem::path& path, int cause) {
  if (cause == ELOOP || cause == ENOTDIR)
    return fail(ErrorCode::kInvalid,
                path.string() + " is a symlink or no folder; remove it, or name the folder itself");
  return errno_error("open the folder " + path.string(), cause);
}

Error no_file(const std::string& whole, int cause) {
  // ENXIO: a FIFO without a reader, or a socket. @source open(2)
  if (cause == ELOOP || cause == EXDEV || cause == ENXIO || cause == EISDIR)
    return fail(ErrorCode::kInvalid, whole + " is not a regular file; remove it");
  return errno_error("open " + whole, cause);
}

/// EEXIST is no error: what is there is looked at when it is opened.
Result<void> make_at(int parent, const std::string& name, mode_t mode, const std::string& whole) {
  if (::mkdirat(parent, name.c_str(), mode) == 0 || errno == EEXIST) return {};
  return errno_error("make the folder " + whole, errno);
}

struct CloseDir {
  void operator()(DIR* listing) const { ::closedir(listing); }
};

}  // namespace

Result<Folder> Folder::open(const std::filesystem::path& path) {
  unique_fd fd(::open(path.c_str(), kFolderFlags | O_CLOEXEC));
  if (!fd) return no_folder(path, errno);
  return Folder(std::move(fd), path);
}

Result<Folder> Folder::make(const std::filesystem::path& path, mode_t mode) {
  if (auto ok = make_at(AT_FDCWD, path.string(), mode, path.string()); !ok) return ok.error();
  return open(path);
}

Result<Folder> Folder::make_folder(const std::string& name, mode_t mode) const {
  if (auto ok = make_at(fd(), name, mode, path_of(name)); !ok) return ok.error();
  return open_folder(name);
}

Result<Folder> Folder::open_folder(const std::string& name) const {
  auto folder = open_beneath(fd(), name, kFolderFlags);
  if (!folder) return no_folder(path_ / name, errno);
  return Folder(std::move(folder), path_ / name);
}

Result<unique_fd> Folder::open_file(const std::string& name, int flags, mode_t mode) const {
  auto file = open_beneath(fd(), name, flags | O_NONBLOCK | O_NOCTTY, mode);
  if (!file) return no_file(path_of(name), errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return errno_error("stat " + path_of(name), errno);
  if (!S_ISREG(status.st_mode)) return no_file(path_of(name), EISDIR);
  return file;
}

Result<std::string> Folder::read(const std::string& name, std::size_t max_bytes) const {
  const auto file = open_file(name, O_RDONLY);
  if (!file) return file.error();
  return read_all(file->get(), max_bytes, path_of(name));
}

Result<std::vector<std::string>> Folder::names() const { return names_in(fd(), path_.string()); }

Result<void> Folder::sync() const {
  if (::fsync(fd()) == 0) return {};
  return unsynced_directory(errno, path_.string());
}

Result<std::vector<std::string>> names_in(int folder, const std::string& whole) {
  unique_fd again(::openat(folder, ".", kFolderFlags | O_CLOEXEC));
  if (!again) return errno_error("list " + whole, errno);
  const std::unique_ptr<DIR, CloseDir> listing(::fdopendir(again.get()));
  if (!listing) return errno_error("list " + whole, errno);
  again.release();
  std::vector<std::string> names;
  for (errno = 0; const auto* entry = ::readdir(listing.get()); errno = 0) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return errno_error("list " + whole, errno);
  return names;
}

}  // namespace okg::files
