#include "plugins/hot_update/disk/tree_walk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <utility>
#include <vector>

#include "base/io/file.hpp"
#include "files/removal.hpp"

namespace okg::hot_update {
namespace {

Error nests_too_deep(const std::string& path) {
  return fail(ErrorCode::kInvalid, Reason::kPathBlocked, "folders nest deeper than ",
              files::kMaxLevels, " levels below '", path.substr(0, path.find('/')),
              "'; remove them");
}

Result<void> walk(int folder, const std::string& at, std::size_t level, const Visit& visit) {
  auto names = names_in(folder);
  if (!names) return names.error();
  for (auto& name : *names) {
    Found found{folder, std::move(name), {}, {}};
    found.path = at + found.name;
    if (::fstatat(folder, found.name.c_str(), &found.status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue;
      return errno_error("stat " + found.path, errno);
    }
    auto goes_in = visit(found);
    if (!goes_in) return goes_in.error();
    if (!*goes_in || !S_ISDIR(found.status.st_mode)) continue;
    const auto below = open_folder(folder, found.name);
    if (!below && errno == ENOENT) continue;
    if (!below) return errno_error("open " + found.path, errno);
    if (level > files::kMaxLevels) return nests_too_deep(found.path);
    if (auto ok = walk(below.get(), found.path + "/", level + 1, visit); !ok) return ok;
  }
  return {};
}

}  // namespace

unique_fd open_folder(int folder, const std::string& name) {
  return unique_fd(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

Result<void> walk_tree(int root, const Visit& visit) { return walk(root, "", 1, visit); }

Result<Sha256> content_digest(int folder, const std::string& path, const struct stat& status,
                              const std::stop_token& stop) {
  if (S_ISLNK(status.st_mode)) {
    std::array<char, PATH_MAX> text{};
    const auto length = ::readlinkat(folder, path.c_str(), text.data(), text.size());
    if (length < 0) return errno_error("read the symlink " + path, errno);
    return sha256_of({text.data(), static_cast<std::size_t>(length)});
  }
  const unique_fd file(
      ::openat(folder, path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file) return errno_error("open " + path, errno);
  const auto digest = digest_of(file.get(), path, stop);
  if (!digest) return digest.error();
  return digest->sha256;
}

Result<TreeIndex> index_of(int root) {
  std::vector<IndexEntry> entries;
  const auto ok = walk_tree(root, [&](const Found& found) -> Result<bool> {
    const auto mode = found.status.st_mode;
    IndexEntry entry{found.path};
    entry.note(found.status);
    if (S_ISDIR(mode)) {
      entry.kind = TreeKind::kFolder;
    } else if (S_ISREG(mode) || S_ISLNK(mode)) {
      entry.kind = S_ISREG(mode) ? TreeKind::kFile : TreeKind::kSymlink;
      entry.is_executable = S_ISREG(mode) && (mode & S_IXUSR) != 0;
      entry.bytes = static_cast<std::uint64_t>(found.status.st_size);
      auto digest = content_digest(found.folder, found.name, found.status);
      if (!digest) return digest.error();
      entry.sha256 = *digest;
    } else {
      return false;
    }
    entries.push_back(std::move(entry));
    return true;
  });
  if (!ok) return ok.error();
  return TreeIndex(std::move(entries));
}

}  // namespace okg::hot_update
