#include "plugins/hot_update/publish/tree_publisher.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <span>
#include <system_error>

#include "base/io/file.hpp"
#include "base/text/visible.hpp"
#include "content/archive/reader.hpp"
#include "content/archive/unsafe.hpp"
#include "plugins/hot_update/disk/tree_check.hpp"
#include "plugins/hot_update/disk/tree_walk.hpp"

namespace okg::hot_update {
Result<void> TreePublisher::write_index(const std::string& name, const TreeIndex& index,
                                        Sync sync) const {
  const auto text = index.to_text();
  if (!text) return text.error();
  const auto& trees = state_.trees();
  files_.unlink(trees.fd(), name.c_str());
  auto file = trees.open_file(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file) return file.error();
  if (auto ok = write_all(file->get(), *text, trees.path_of(name)); !ok) return ok;
  if (sync == Sync::kLater) return {};
  if (files_.sync(file->get()) != 0) return errno_error("fsync " + trees.path_of(name), errno);
  return sync_folder(files_, trees.fd(), trees.path_of(name));
}

/// All that is in the container goes live. In the shared
/// directory, what is not in it goes away too.
Result<std::vector<SwapName>> TreePublisher::swap_names(const TreeParent& parent, int container,
                                                        results::TreeMode mode,
                                                        const std::set<std::string>& more) const {
  if (!parent.name.empty())
    return std::vector<SwapName>{{parent.name, inode_at(container, parent.name)}};
  auto coming = names_in(container);
  if (!coming) return coming.error();
  auto there = names_in(parent.folder.get());
  if (!there) return there.error();
  std::set<std::string> names(coming->begin(), coming->end());
  if (mode == results::TreeMode::kMirror) names.insert(there->begin(), there->end());
  names.insert(more.begin(), more.end());
  std::vector<SwapName> swaps;
  for (const auto& name : names) {
    if (places_.is_off_limits(parent.folder.get(), name)) continue;
    if (!is_utf8(name))
      return fail(ErrorCode::kInvalid, Reason::kPathBlocked,
                  parent.whole +
                      " has a file whose name is not UTF-8; update a folder "
                      "in it instead, with path=NAME");
    swaps.push_back({name, inode_at(container, name)});
  }
  std::vector<std::string> paths;
  paths.reserve(swaps.size());
  for (const auto& each : swaps) paths.push_back(each.name);
  if (auto ok = places_.check_mounts(paths); !ok) return ok.error();
  return swaps;
}

/// The names that the live overlay put into the shared directory.
std::set<std::string> TreePublisher::names_added_by(const std::optional<LiveContent>& live) const {
  std::set<std::string> names;
  if (!live) return names;
  const auto index = TreeIndex::read(state_.trees(), live->index);
  if (!index) return names;
  for (const auto& entry : index->entries())
    names.insert(entry.path.substr(0, entry.path.find('/')));
  return names;
}

Result<Target> TreePublisher::target_for(const Replacement& replacement, const TreeParent& parent,
                                         const std::string& container,
                                         results::TreeMode mode) const {
  auto folder = places_.open_container(container);
  if (!folder) return folder.error();
  const bool is_partial = parent.name.empty() && mode == results::TreeMode::kOverlay;
  std::set<std::string> more;
  if (is_partial && replacement.from_kept) more = names_added_by(replacement.was);
  auto names = swap_names(parent, folder->fd(), mode, more);
  if (!names) return names.error();
  Target target{replacement.path, {replacement.entry, 0, "", ""}, {}, replacement.from_kept};
  const bool is_there = std::any_of(names->begin(), names->end(), [&](const SwapName& each) {
    return inode_at(parent.folder.get(), each.name) != 0;
  });
  if (replacement.unreverted)
    target.old = *replacement.unreverted;
  else if (is_there)
    target.old = OldContent::in_kept({replacement.path, container, replacement.was, is_partial});
  target.swap = Swap{container, std::move(*names)};
  return target;
}

Result<Target> TreePublisher::prepare(StagedTree tree, const Replacement& replacement) const {
  const auto parent = places_.open_parent(replacement.path, Folders::kMake);
  if (!parent) return parent.error();
  const auto sync = tree.is_synced() ? Sync::kHere : Sync::kLater;
  if (auto ok = write_index(replacement.name, tree.index(), sync); !ok) return ok.error();
  if (auto ok = move_to_kept(tree.container(), replacement.name, sync); !ok) return ok.error();
  tree.container().release();
  if (sync == Sync::kLater && files_.sync_all(state_.kept().fd()) != 0)
    return errno_error("sync the file system of " + state_.kept().path().string(), errno);
  auto entry = replacement.entry;
  auto target = target_for(replacement, *parent, replacement.name,
                           entry.tree ? entry.tree->options.mode : results::TreeMode::kMirror);
  if (!target) return target.error();
  auto& next = target->next;
  next.entry.sha256 = tree.sha256();
  if (next.entry.tree)
    next.entry.tree = results::TreeEntry{next.entry.tree->options, tree.index().files(),
                                         tree.index().bytes(), tree.index().digest()};
  next.bytes = tree.index().bytes();
  next.etag = tree.validators().etag;
  next.last_modified = tree.validators().last_modified;
  next.index = replacement.name;
  next.blake2b = tree.blake2b();
  return target;
}

/// The container gets its name in kept/.
Result<void> TreePublisher::move_to_kept(const StagingContainer& staged, const std::string& name,
                                         Sync sync) const {
  const auto& staging = state_.staging();
  const auto& kept = state_.kept();
  const auto container = staging.open_folder(staged.name());
  if (!container) return container.error();
  if (sync == Sync::kHere)
    if (auto ok = sync_folder(files_, container->fd(), container->path().string()); !ok) return ok;
  if (auto ok = remove_tree(files_, kept.fd(), name); !ok) return ok;
  if (files_.rename(staging.fd(), staged.name().c_str(), kept.fd(), name.c_str()) != 0)
    return errno_error("rename " + container->path().string() + " into kept/", errno);
  if (sync == Sync::kLater) return {};
  return sync_folder(files_, kept.fd(), kept.path().string());
}

/// A file that is kept without a container gets one.
Result<std::string> TreePublisher::container_of(const KeptContent& kept,
                                                const std::string& name) const {
  struct stat status {};
  const auto whole = state_.kept().path_of(kept.name);
  if (::fstatat(state_.kept().fd(), kept.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return errno_error("look at " + whole, errno);
  if (S_ISDIR(status.st_mode)) return kept.name;
  auto container = staged_.container_for(name);
  auto root = staged_.make_root(container, std::string(results::kWholeDirectory));
  if (!root) return root.error();
  const auto linked = tree_name(kept.path);
  if (files_.link(state_.kept().fd(), kept.name.c_str(), root->fd(), linked.c_str()) != 0)
    return errno_error("link " + whole, errno);
  if (auto ok = move_to_kept(container, name, Sync::kHere); !ok) return ok.error();
  container.release();
  return name;
}

Result<Target> TreePublisher::prepare_kept(const KeptContent& kept,
                                           const Replacement& replacement) const {
  const auto parent = places_.open_parent(replacement.path, Folders::kMake);
  if (!parent) return parent.error();
  auto container = container_of(kept, replacement.name);
  if (!container) return container.error();
  auto target =
      target_for(replacement, *parent, *container,
                 kept.is_partial ? results::TreeMode::kOverlay : results::TreeMode::kMirror);
  if (!target) return target.error();
  if (kept.was) {
    target->next = *kept.was;
    target->next.entry.scope = replacement.entry.scope;
    target->next.entry.requested_at = replacement.entry.requested_at;
    target->next.entry.until = replacement.entry.until;
    target->next.entry.signature = replacement.entry.signature;
  } else {
    target->next.bytes = kept.bytes.value_or(0);
  }
  return target;
}

Result<Committed> TreePublisher::commit(const Target& target) const {
  const auto parent = places_.open_parent(target.path, Folders::kMustExist);
  if (!parent) return parent.error();
  const auto container = places_.open_container(target.swap->container);
  if (!container) return container.error();
  const SwapPlaces places{container->fd(), parent->folder.get(), parent->whole};
  Committed committed{BootClock::now(), {}, parent->name.empty() ? "exchanges" : "exchange"};
  for (const auto& each : target.swap->names) {
    const auto swapped = swap_name(files_, places, each.name);
    if (swapped && *swapped == SwapKind::kRenames) committed.exchanged = "renames";
    if (swapped) continue;
    const auto is_new = sides_.has_new(target, each, places);
    if (is_new && *is_new) continue;  // it was made, and its answer lost (NFS)
    if (is_new && sides_.revert(target, places)) return swapped.error();
    committed.unsynced = swapped.error();
    return committed;
  }
  committed.live_since = BootClock::now();
  if (auto ok = sync_places(places, SyncFirst::kContainer); !ok) committed.unsynced = ok.error();
  return committed;
}

Result<void> TreePublisher::sync_places(const SwapPlaces& places, SyncFirst first) const {
  const auto sync_container = [&] {
    return sync_folder(files_, places.container, "the container of " + places.whole);
  };
  if (first == SyncFirst::kContainer)
    if (auto ok = sync_container(); !ok) return ok;
  if (auto ok = sync_folder(files_, places.folder, places.whole); !ok) return ok;
  return first == SyncFirst::kContainer ? Result<void>() : sync_container();
}

Result<Reverted> TreePublisher::revert(const Target& target) const {
  const auto parent = places_.open_parent(target.path, Folders::kMustExist);
  if (!parent) return parent.error();
  const auto container = places_.open_container(target.swap->container);
  if (!container) return container.error();
  const SwapPlaces places{container->fd(), parent->folder.get(), parent->whole};
  if (auto ok = sides_.revert(target, places); !ok) return ok.error();
  Reverted reverted;
  if (auto ok = sync_places(places, SyncFirst::kLive); !ok) reverted.unsynced = ok.error();
  return reverted;
}

Result<bool> TreePublisher::is_live(
    const std::string& path, const LiveContent& file,
    const std::function<bool(const std::string&)>& is_excused) const {
  if (file.index.empty()) return false;
  const auto index = TreeIndex::read(state_.trees(), file.index);
  if (!index) return false;
  const auto parent = places_.open_parent(path, Folders::kMustExist);
  if (!parent && parent.error().code == ErrorCode::kNotFound) return false;
  if (!parent) return parent.error();
  TreeCheck check;
  check.is_excused = is_excused;
  return is_what_index_says(parent->folder.get(), parent->name.empty() ? "." : parent->name,
                            index->entries(), check);
}

Result<bool> TreePublisher::is_kept_whole(const KeptContent& kept) const {
  if (!kept.was || !kept.was->entry.tree) return false;
  const auto index = TreeIndex::read(state_.trees(), kept.was->index);
  if (!index || index->digest() != kept.was->entry.tree->digest) return false;
  const auto container = places_.open_container(kept.name);
  if (!container) return container.error();
  const auto name = tree_name(kept.path);
  TreeCheck check;
  if (kept.is_partial)
    check.is_excused = [&](const std::string& path) {
      return inode_at(container->fd(), path.substr(0, path.find('/'))) == 0;
    };
  return is_what_index_says(container->fd(), name.empty() ? "." : name, index->entries(), check);
}

Result<unique_fd> TreePublisher::open_kept_file(const KeptContent& kept) const {
  const auto container = places_.open_container(kept.name);
  if (!container) return state_.kept().open_file(kept.name, O_RDONLY, 0);
  return container->open_file(tree_name(kept.path), O_RDONLY, 0);
}

Result<void> TreePublisher::sync(const std::string& path) const {
  const auto parent = places_.open_parent(path, Folders::kMustExist);
  if (!parent) return parent.error();
  return sync_folder(files_, parent->folder.get(), parent->whole);
}

Result<Timestamp> TreePublisher::changed_at(const std::string& path) const {
  const auto parent = places_.open_parent(path, Folders::kMustExist);
  if (!parent) return parent.error();
  struct stat status {};
  const auto* name = parent->name.empty() ? "." : parent->name.c_str();
  if (::fstatat(parent->folder.get(), name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return errno_error("stat " + parent->whole, errno);
  return Timestamp(std::chrono::seconds(status.st_ctim.tv_sec) +
                   std::chrono::microseconds(status.st_ctim.tv_nsec / 1000));
}

}  // namespace okg::hot_update
