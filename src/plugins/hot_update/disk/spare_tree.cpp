#include "plugins/hot_update/disk/spare_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "base/io/unique_fd.hpp"
#include "plugins/hot_update/disk/tree_walk.hpp"

namespace okg::hot_update {
namespace {

constexpr mode_t kModeBits = 07777;

/// Opens the folders of paths that come in order, each once.
class ParentFolder {
 public:
  explicit ParentFolder(int root) : root_(root) {}

  /// The folder that `path` is in, and its name there; -1: there is none.
  int of(const std::string& path, std::string& name) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) {
      name = path;
      return root_;
    }
    name.assign(path, slash + 1);
    if (path.compare(0, slash, at_) != 0) {
      at_.assign(path, 0, slash);
      folder_ = open_folder(root_, at_);
    }
    return folder_.get();
  }

 private:
  int root_;
  std::string at_;
  unique_fd folder_;
};

/// The folder that a path is in; empty at the top.
std::string_view parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return path.substr(0, slash == std::string_view::npos ? 0 : slash);
}

/// The folder, and those that it is in.
void note_folders(std::string_view folder, SpareTree::Paths& folders) {
  for (; !folder.empty() && !folders.contains(folder); folder = parent_of(folder))
    folders.emplace(folder);
}

/// Whether the file is as the index says, and nobody but its owner can make it another.
bool is_as_left(int folder, const char* name, const IndexEntry& entry, mode_t mode) {
  struct stat status {};
  return ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && entry.is_untouched(status) &&
         (status.st_mode & kModeBits) == mode;
}

}  // namespace

Result<bool> link_tree(FileSystem& files, const LiveTree& live, TreeModes modes, int into,
                       const std::stop_token& stop) {
  ParentFolder from(live.folder.get());
  ParentFolder to(into);
  std::string name;
  for (const auto& entry : live.index.entries()) {
    if (stop.stop_requested()) return false;
    if (entry.kind == TreeKind::kFolder) {
      if (files.make_folder(into, entry.path.c_str(), modes.folder()) != 0 && errno != EEXIST)
        return errno_error("make the folder " + entry.path, errno);
      continue;
    }
    const int live_folder = from.of(entry.path, name);
    const int new_folder = to.of(entry.path, name);
    if (entry.kind != TreeKind::kFile || live_folder < 0 || new_folder < 0 ||
        !is_as_left(live_folder, name.c_str(), entry, modes.of(entry)))
      continue;
    if (files.link(live_folder, name.c_str(), new_folder, name.c_str()) != 0 && errno == ENOSPC)
      return errno_error("link " + entry.path, errno);
  }
  return true;
}

Result<SpareTree> SpareTree::look_at(FileSystem& files, int root, const TreeIndex& index,
                                     TreeModes modes) {
  SpareTree tree(files, root, index);
  if (auto ok = tree.look(modes); !ok) return ok.error();
  std::size_t known = tree.folders_.size();
  for (const bool is_there : tree.holds_)
    if (is_there) ++known;
  const auto there = tree.count();
  if (!there) return there.error();
  if (*there != known) return fail(ErrorCode::kConflict, "it holds what no index has");
  return tree;
}

Result<void> SpareTree::look(TreeModes modes) {
  ParentFolder parents(root_);
  std::string name;
  for (const auto& entry : index_->entries()) {
    const int folder = parents.of(entry.path, name);
    if (folder < 0) continue;
    if (entry.kind != TreeKind::kFolder) {
      if (auto ok = look_at_file(folder, name, entry, modes.of(entry)); !ok) return ok;
      continue;
    }
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISDIR(status.st_mode) || (status.st_mode & kModeBits) != modes.folder())
      return fail(ErrorCode::kConflict, "its folder " + entry.path + " is another one");
    folders_.insert(entry.path);
  }
  return {};
}

Result<void> SpareTree::look_at_file(int folder, const std::string& name, const IndexEntry& entry,
                                     mode_t mode) {
  if (entry.kind == TreeKind::kFile && is_as_left(folder, name.c_str(), entry, mode)) {
    holds_[position(entry)] = true;
    return {};
  }
  if (files_->unlink(folder, name.c_str()) == 0 || errno == ENOENT) return {};
  return errno_error("remove " + entry.path, errno);
}

/// All names in it and in its folders.
Result<std::size_t> SpareTree::count() const {
  auto names = names_in(root_);
  if (!names) return names.error();
  auto count = names->size();
  for (const auto& path : folders_) {
    const auto below = open_folder(root_, path);
    if (!below) return errno_error("open " + path, errno);
    names = names_in(below.get());
    if (!names) return names.error();
    count += names->size();
  }
  return count;
}

Result<void> SpareTree::remove_file(const IndexEntry& entry) {
  holds_[position(entry)] = false;
  if (files_->unlink(root_, entry.path.c_str()) == 0) return {};
  return errno_error("remove " + entry.path, errno);
}

Result<void> SpareTree::keep_only(const std::vector<content::ManifestFile>& wanted) {
  std::vector<bool> stays(holds_.size());
  Paths folders;
  std::string_view last;
  TreeIndex::Cursor cursor;
  for (const auto& file : wanted) {
    const auto parent = parent_of(file.path);
    if (parent != last) note_folders(parent, folders);
    last = parent;
    const auto* entry = index_->find(file.path, cursor);
    if (entry != nullptr && entry->sha256 == file.sha256 &&
        entry->is_executable == file.is_executable)
      stays[position(*entry)] = true;
  }
  for (const auto& entry : index_->entries())
    if (has(entry) && !stays[position(entry)])
      if (auto ok = remove_file(entry); !ok) return ok;
  return keep_only_folders(folders);
}

/// A folder comes before what is in it: from the end on, each is empty.
Result<void> SpareTree::keep_only_folders(const Paths& wanted) {
  for (auto path = folders_.end(); path != folders_.begin();) {
    --path;
    if (wanted.contains(*path)) continue;
    if (files_->remove_folder(root_, path->c_str()) != 0)
      return errno_error("remove the folder " + *path, errno);
    path = folders_.erase(path);
  }
  return {};
}

}  // namespace okg::hot_update
