#include "plugins/hot_update/disk/tree_check.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "plugins/hot_update/disk/tree_walk.hpp"

namespace okg::hot_update {
namespace {

bool has_kind(TreeKind kind, mode_t mode) {
  switch (kind) {
    case TreeKind::kFile: return S_ISREG(mode);
    case TreeKind::kFolder: return S_ISDIR(mode);
    case TreeKind::kSymlink: return S_ISLNK(mode);
  }
  return false;
}

Result<bool> is_as(int folder, const std::string& path, const IndexEntry& entry) {
  struct stat status {};
  if (::fstatat(folder, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return errno_error("stat " + path, errno);
  }
  if (!has_kind(entry.kind, status.st_mode)) return false;
  if (entry.kind == TreeKind::kFolder) return true;
  if (static_cast<std::uint64_t>(status.st_size) != entry.bytes) return false;
  if (entry.kind == TreeKind::kFile) {
    if (entry.is_executable != ((status.st_mode & S_IXUSR) != 0)) return false;
    if (entry.is_untouched(status)) return true;
  }
  const auto digest = content_digest(folder, path, status);
  if (!digest) return digest.error();
  return *digest == entry.sha256;
}

Result<bool> has_no_more(int root, std::size_t expected, const TreeCheck& check) {
  std::size_t count = 0;
  const auto ok = walk_tree(root, [&](const Found& found) -> Result<bool> {
    if (!check.is_excused(found.path)) ++count;
    return count <= expected;
  });
  if (!ok) return ok.error();
  return count == expected;
}

}  // namespace

Result<bool> is_what_index_says(int folder, const std::string& name,
                                const std::vector<IndexEntry>& entries, const TreeCheck& check) {
  if (entries.size() == 1 && entries.front().path.empty() &&
      entries.front().kind != TreeKind::kFolder)
    return is_as(folder, name, entries.front());
  const auto root = open_folder(folder, name);
  if (!root && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) return false;
  if (!root) return errno_error("open " + name, errno);
  std::size_t expected = 0;
  for (const auto& entry : entries) {
    if (entry.path.empty() || check.is_excused(entry.path)) continue;
    ++expected;
    auto same = is_as(root.get(), entry.path, entry);
    if (!same || !*same) return same;
  }
  if (check.extras == Extras::kAllowed) return true;
  return has_no_more(root.get(), expected, check);
}

}  // namespace okg::hot_update
