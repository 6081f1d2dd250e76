#include "plugins/hot_update/publish/place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <system_error>

#include "api/checks.hpp"
#include "base/io/file.hpp"

namespace okg::hot_update {
namespace {

Result<unique_fd> open_subfolder(FileSystem& files, const unique_fd& parent,
                                 const std::string& name, bool make, const std::string& whole) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  unique_fd folder(::openat(parent.get(), name.c_str(), kFlags));
  if (!folder && errno == ENOENT && make) {
    if (files.make_folder(parent.get(), name.c_str(), 0755) != 0 && errno != EEXIST)
      return errno_error("make the folder of " + whole, errno);
    folder.reset(::openat(parent.get(), name.c_str(), kFlags));
  }
  if (!folder && (errno == ELOOP || errno == ENOTDIR))
    return fail(ErrorCode::kInvalid, Reason::kPathBlocked,
                whole + ": '" + name +
                    "' is not a folder (symlinks are not followed out of the "
                    "shared directory)");
  if (!folder) return errno_error("open the folder of " + whole, errno);
  // Also of a folder that is there: a start that
  // was killed may have made it and not synced it.
  if (make)
    if (auto ok = sync_folder(files, parent.get(), whole); !ok) return ok.error();
  return folder;
}

}  // namespace

Result<std::filesystem::path> resolve(const std::filesystem::path& path) {
  std::error_code error;
  auto resolved = std::filesystem::weakly_canonical(path, error);
  if (error) return errno_error("resolve " + path.string(), error.value());
  return resolved;
}

Error why_no_shared_directory(const Error& error) {
  if (error.code != ErrorCode::kNotFound) return error;
  return error.advise("the shared volume has to be mounted at fileDir")
      .because(Reason::kSharedDirectoryMissing);
}

Result<Place> open_place(FileSystem& files, const std::filesystem::path& file_dir,
                         const std::string& path, Folders folders) {
  // Paths also come from stored entries, which others can write.
  if (auto ok = api::check_path(path); !ok) return ok.error();
  const auto whole = (file_dir / path).string();
  auto folder = open_file(file_dir, O_RDONLY | O_DIRECTORY);
  if (!folder) return why_no_shared_directory(folder.error());
  std::size_t begin = 0;
  for (auto slash = path.find('/'); slash != std::string::npos;
       begin = slash + 1, slash = path.find('/', begin)) {
    auto next = open_subfolder(files, *folder, path.substr(begin, slash - begin),
                               folders == Folders::kMake, whole);
    if (!next && next.error().code == ErrorCode::kNotFound && folders == Folders::kAsFarAsThere)
      return Place{std::move(*folder), path.substr(begin), whole, false};
    if (!next) return next.error();
    *folder = std::move(*next);
  }
  return Place{std::move(*folder), path.substr(begin), whole};
}

Result<void> sync_folder(FileSystem& files, int folder, const std::string& whole) {
  if (files.sync(folder) == 0) return {};
  return unsynced_directory(errno, "the folder of " + whole);
}

std::optional<bool> is_named(const Place& place, int file) {
  struct stat named {};
  struct stat open {};
  if (::fstat(file, &open) != 0) return std::nullopt;
  if (::fstatat(place.folder.get(), place.name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT ? std::optional(false) : std::nullopt;
  return named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

std::string link_target(const Place& place) {
  std::array<char, PATH_MAX> text{};
  const auto length =
      ::readlinkat(place.folder.get(), place.name.c_str(), text.data(), text.size());
  return length < 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(length));
}

unique_fd open_there(const Place& place) {
  return unique_fd(::openat(place.folder.get(), place.name.c_str(),
                            O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
}

}  // namespace okg::hot_update
