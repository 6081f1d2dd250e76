#include "plugins/hot_update/disk/tree_builder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <utility>

#include "base/io/file.hpp"
#include "files/beneath.hpp"
#include "plugins/hot_update/disk/copy.hpp"
#include "plugins/hot_update/disk/new_names.hpp"
#include "plugins/hot_update/disk/tree_sync.hpp"
#include "plugins/hot_update/disk/tree_walk.hpp"

namespace okg::hot_update {
namespace {

/// A file up to this size is written when all of it
/// is known: not at all where it is live already.
constexpr std::size_t kBufferedBytes = std::size_t{256} * 1024;
/// One sync of the file system costs less than more of files: docs/performance.md.
constexpr std::size_t kMaxSyncedEach = 8;
/// A second thread is worth it for so many files.
constexpr std::size_t kMaxWrittenHere = 64;
/// The room of a file beside its content: an inode, and the rest of its last block.
constexpr std::uint64_t kBytesPerFile = 4096;

}  // namespace

TreeBuilder::TreeBuilder(FileSystem& files, files::Folder root, TreeModes modes,
                         const std::optional<LiveTree>& live, Setting<unsigned> min_free_percent)
    : files_(files),
      root_(std::move(root)),
      modes_(modes),
      live_(live),
      headroom_(min_free_percent),
      small_files_(files_, root_) {}

Result<void> TreeBuilder::begin(const content::Entry& entry) {
  if (auto ok = make_folders_above(entry.path); !ok) return ok;
  switch (entry.kind) {
    case content::EntryKind::kFolder: return make_folder(entry.path);
    case content::EntryKind::kSymlink: return make_symlink(entry);
    case content::EntryKind::kHardLink: return make_hard_link(entry);
    case content::EntryKind::kFile: break;
  }
  now_ = {entry.path, TreeKind::kFile, entry.is_executable};
  buffer_.clear();
  output_.reset();
  hash_.restart();
  return {};
}

Result<void> TreeBuilder::make_folders_above(const std::string& path) {
  const auto last = path.rfind('/');
  if (last == std::string::npos || path.compare(0, last, last_parent_) == 0) return {};
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
    if (auto ok = make_folder(path.substr(0, slash)); !ok) return ok;
  last_parent_.assign(path, 0, last);
  return {};
}

Result<void> TreeBuilder::make_folder(const std::string& path) {
  if (!folders_.insert(path).second) return {};
  const bool is_there = spare_ && spare_->has_folder(path);
  if (!is_there && files_.make_folder(root_.fd(), path.c_str(), modes_.folder()) != 0)
    return errno_error("make the folder " + named(path), errno);
  entries_.push_back({path, TreeKind::kFolder});
  return {};
}

Result<void> TreeBuilder::make_symlink(const content::Entry& entry) {
  if (files_.make_symlink(entry.link.c_str(), root_.fd(), entry.path.c_str()) != 0)
    return errno_error("make the symlink " + named(entry.path), errno);
  IndexEntry made{entry.path, TreeKind::kSymlink, false, entry.link.size()};
  hash_.restart();
  hash_.update(entry.link);
  made.sha256 = hash_.finish();
  entries_.push_back(std::move(made));
  return {};
}

Result<void> TreeBuilder::make_hard_link(const content::Entry& entry) {
  if (auto ok = small_files_.wait(entries_); !ok) return ok;
  if (files_.link(root_.fd(), entry.link.c_str(), root_.fd(), entry.path.c_str()) != 0)
    return errno_error("link " + named(entry.path), errno);
  const auto* const linked = made(entry.link);
  if (linked == nullptr)
    return fail(ErrorCode::kRefused, Reason::kUnsafeArchive,
                "the hard link " + named(entry.path) + " leads to no file");
  auto link = *linked;
  link.path = entry.path;
  entries_.push_back(std::move(link));
  return {};
}

const IndexEntry* TreeBuilder::made(const std::string& path) {
  for (; numbered_ < entries_.size(); ++numbered_)
    numbers_.emplace(entries_[numbered_].path, numbered_);
  const auto found = numbers_.find(path);
  return found == numbers_.end() ? nullptr : &entries_[found->second];
}

Result<void> TreeBuilder::take_room(std::uint64_t bytes) {
  auto ok = headroom_.take(root_.fd(), bytes + kBytesPerFile);
  if (!ok) return ok.error().in("write " + named(now_.path));
  return ok;
}

Result<void> TreeBuilder::open_output() {
  if (auto ok = take_room(buffer_.size()); !ok) return ok;
  output_ = create_file(root_.fd(), now_.path);
  if (!output_) return errno_error("create " + named(now_.path), errno);
  auto ok = write_all(output_.get(), buffer_, named(now_.path));
  buffer_.clear();
  return ok;
}

Result<void> TreeBuilder::write(std::span<const std::byte> bytes) {
  hash_.update(bytes);
  now_.bytes += bytes.size();
  if (output_) {
    if (auto ok = take_room(bytes.size()); !ok) return ok;
    return write_all(output_.get(), bytes, named(now_.path));
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  return buffer_.size() > kBufferedBytes ? open_output() : Result<void>();
}

Result<void> TreeBuilder::end() {
  now_.sha256 = hash_.finish();
  const auto linked = link_live(live_ ? live_->index.find(now_.path, cursor_) : nullptr);
  if (!linked) return linked.error();
  if (!*linked && !output_ && entries_.size() >= kMaxWrittenHere) {
    if (auto ok = take_room(buffer_.size()); !ok) return ok;
    return small_files_.add(std::move(now_), modes_.of(now_), std::exchange(buffer_, {}));
  }
  if (!*linked && !output_)
    if (auto ok = open_output(); !ok) return ok;
  if (!*linked)
    if (auto ok = set_mode(files_, output_.get(), modes_.of(now_), now_, named(now_.path)); !ok)
      return ok;
  output_.reset();
  entries_.push_back(std::move(now_));
  return {};
}

void TreeBuilder::start_from(SpareTree spare) {
  entries_.reserve(live_->index.entries().size());
  spare_.emplace(std::move(spare));
}

Result<void> TreeBuilder::keep_only(const std::vector<content::ManifestFile>& wanted) {
  return spare_ ? spare_->keep_only(wanted) : Result<void>();
}

bool TreeBuilder::is_same(const IndexEntry* known) const {
  return known != nullptr && known->kind == TreeKind::kFile && known->sha256 == now_.sha256 &&
         known->is_executable == now_.is_executable;
}

Result<bool> TreeBuilder::link_live(const IndexEntry* known) {
  if (!is_same(known) || live_->share != LiveTree::Share::kLink) return false;
  if (spare_ && spare_->has(*known)) {
    now_ = *known;
    ++linked_;
    return true;
  }
  struct stat status {};
  if (::fstatat(live_->folder.get(), now_.path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !known->is_untouched(status) || (status.st_mode & 07777U) != modes_.of(now_))
    return false;
  if (output_ && files_.unlink(root_.fd(), now_.path.c_str()) != 0)
    return errno_error("remove " + named(now_.path), errno);
  // Refused for another user's file (fs.protected_hardlinks),
  // beyond the most links of a file, and on some file
  // systems. What was written already is then gone.
  if (files_.link(live_->folder.get(), now_.path.c_str(), root_.fd(), now_.path.c_str()) != 0) {
    if (!output_) return false;
    return errno_error("link the unchanged file " + named(now_.path), errno);
  }
  now_.note(status);
  ++linked_;
  return true;
}

Result<bool> TreeBuilder::take_live(const content::ManifestFile& file) {
  if (!live_) return false;
  if (auto ok = begin({file.path, content::EntryKind::kFile, file.is_executable, {}}); !ok)
    return ok.error();
  const auto* known = live_->index.find(file.path, cursor_);
  now_.sha256 = file.sha256;
  now_.bytes = known == nullptr ? 0 : known->bytes;
  const auto linked = link_live(known);
  if (!linked) return linked.error();
  if (!*linked) return copy_live_if_same(file, known);
  entries_.push_back(std::move(now_));
  return true;
}

Result<bool> TreeBuilder::copy_live_if_same(const content::ManifestFile& file,
                                            const IndexEntry* known) {
  const auto there = files::open_beneath(live_->folder.get(), file.path, O_RDONLY | O_NONBLOCK);
  struct stat status {};
  if (!there || ::fstat(there.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const auto bytes = static_cast<std::uint64_t>(status.st_size);
  if (bytes != file.bytes.value_or(bytes)) return false;
  if (known != nullptr && known->is_untouched(status) && known->sha256 != file.sha256) return false;
  return copy_same(there.get(), bytes, file);
}

Result<bool> TreeBuilder::copy_same(int from, std::uint64_t bytes,
                                    const content::ManifestFile& file) {
  if (auto ok = open_output(); !ok) return ok.error();
  if (auto ok = take_room(bytes); !ok) return ok.error();
  if (auto ok = copy_bytes(from, output_.get(), named(file.path)); !ok) return ok.error();
  // The copy counts, whatever the live file is by now.
  if (::lseek(output_.get(), 0, SEEK_SET) != 0)
    return errno_error("seek " + named(file.path), errno);
  const auto digest = digest_of(output_.get(), named(file.path));
  if (!digest) return digest.error();
  if (digest->sha256 != file.sha256) {
    output_.reset();
    if (files_.unlink(root_.fd(), file.path.c_str()) != 0)
      return errno_error("remove " + named(file.path), errno);
    return false;
  }
  now_.bytes = digest->bytes;
  if (auto ok = set_mode(files_, output_.get(), modes_.of(now_), now_, named(now_.path)); !ok)
    return ok.error();
  output_.reset();
  entries_.push_back(std::move(now_));
  return true;
}

Result<void> TreeBuilder::take_staged(const content::ManifestFile& file,
                                      content::StagedContent content) {
  if (auto ok = make_folders_above(file.path); !ok) return ok;
  now_.path = file.path;
  if (auto ok = take_room(std::min(content.bytes(), files::kSmallBytes)); !ok) return ok;
  auto& staged = content.file();
  if (files_.rename(staged.folder(), staged.name().c_str(), root_.fd(), file.path.c_str()) != 0)
    return errno_error("rename " + staged.path() + " to " + named(file.path), errno);
  staged.release();
  now_ = {file.path, TreeKind::kFile, file.is_executable, content.bytes(), content.sha256()};
  output_.reset(::dup(staged.fd()));
  if (!output_) return errno_error("duplicate " + named(file.path), errno);
  if (auto ok = set_mode(files_, output_.get(), modes_.of(now_), now_, named(now_.path)); !ok)
    return ok;
  output_.reset();
  entries_.push_back(std::move(now_));
  return {};
}

Result<void> TreeBuilder::overlay(int live_folder, Overlay what) {
  if (auto ok = small_files_.wait(entries_); !ok) return ok;
  const NewNames names(entries_, live_folder);
  return walk_tree(live_folder, [&](const Found& found) -> Result<bool> {
    if (folders_.contains(found.path)) return true;
    const bool is_at_top = found.path.find('/') == std::string::npos;
    const auto is_replaced = names.replace(found.path);
    if (!is_replaced) return is_replaced.error();
    if (*is_replaced || (what == Overlay::kTopFolders && is_at_top)) return false;
    auto added = adopt_live(found.path, found.status, found.folder, found.name);
    if (!added) return added.error();
    return *added;
  });
}

/// True for a folder to go into.
Result<bool> TreeBuilder::adopt_live(const std::string& path, const struct stat& status, int folder,
                                     const std::string& name) {
  if (S_ISDIR(status.st_mode)) {
    if (files_.make_folder(root_.fd(), path.c_str(), status.st_mode & 0777U) != 0)
      return errno_error("make the folder " + named(path), errno);
    added_.insert(path);
    return true;
  }
  // Sockets and the like are the game's own, and gone with its folder.
  if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode)) return false;
  const bool may_link = live_ && live_->share == LiveTree::Share::kLink;
  if ((may_link || S_ISLNK(status.st_mode)) &&
      files_.link(folder, name.c_str(), root_.fd(), path.c_str()) == 0)
    return false;
  if (S_ISLNK(status.st_mode)) return errno_error("link the symlink " + named(path), errno);
  added_.insert(path);
  now_.path = path;
  if (auto ok = take_room(static_cast<std::uint64_t>(status.st_size)); !ok) return ok.error();
  const FileCopy copy{folder, name, root_.fd(), path, status.st_mode & 0777U};
  if (auto ok = copy_file(files_, copy, named(path)); !ok) return ok.error();
  return false;
}

Result<TreeIndex> TreeBuilder::finish() {
  if (auto ok = small_files_.wait(entries_); !ok) return ok.error();
  const auto unsynced = entries_.size() + added_.size() - linked_;
  if (unsynced <= kMaxSyncedEach) {
    if (auto ok = sync_each(files_, root_, {entries_, added_, folders_}); !ok) return ok.error();
    is_synced_ = true;
  }
  return TreeIndex(std::move(entries_));
}

}  // namespace okg::hot_update
