#include "plugins/hot_update/publish/tree_sides.hpp"

#include <vector>

#include "plugins/hot_update/disk/tree_check.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"

namespace okg::hot_update {

Result<LiveSide> TreeSides::settle(const Target& target) const {
  const auto parent = places_.open_parent(target.path, Folders::kMustExist);
  if (!parent && parent.error().code == ErrorCode::kNotFound) return LiveSide::kOld;
  if (!parent) return parent.error();
  // It is gone when the update had ended, nothing
  // of it was kept, and a power cut lost that line.
  const auto container = places_.open_container(target.swap->container);
  const bool is_gone = !container && container.error().code == ErrorCode::kNotFound;
  if (!container && !is_gone) return container.error();
  const SwapPlaces places{is_gone ? -1 : container->fd(), parent->folder.get(), parent->whole};
  std::size_t new_names = 0;
  for (const auto& each : target.swap->names) {
    if (auto ok = settle_swap(files_, places, each.name); !ok) return ok.error();
    const auto is_new = has_new(target, each, places);
    if (!is_new) return is_new.error();
    if (*is_new) ++new_names;
  }
  if (new_names == 0) return LiveSide::kOld;
  return new_names == target.swap->names.size() ? LiveSide::kNew : LiveSide::kPart;
}

Result<bool> TreeSides::has_new(const Target& target, const SwapName& name,
                                const SwapPlaces& places) const {
  const auto live = inode_at(places.folder, name.name);
  if (name.inode == 0) return live == 0;
  if (live == name.inode) return true;
  if (inode_at(places.container, name.name) == name.inode) return false;
  return has_new_by_content(target, name.name, places);
}

/// For a disk that is not the one that the intent
/// was written on: it was restored from a copy.
Result<bool> TreeSides::has_new_by_content(const Target& target, const std::string& name,
                                           const SwapPlaces& places) const {
  const auto entries_of = [&](const std::string& index) -> Result<std::vector<IndexEntry>> {
    auto read = TreeIndex::read(state_.trees(), index);
    if (!read) return read.error();
    return is_whole_directory(target.path) ? read->below(name) : read->entries();
  };
  const auto& old = target.old.kept.was;
  const bool is_container_gone = places.container < 0;
  if (target.next.index.empty()) {
    if (is_container_gone) return true;
    if (!old || old->index.empty()) return false;
    const auto entries = entries_of(old->index);
    if (!entries) return entries.error();
    return is_what_index_says(places.container, name, *entries, {});
  }
  const auto entries = entries_of(target.next.index);
  if (!entries) return entries.error();
  const auto& tree = target.next.entry.tree;
  const bool is_overlay = tree && tree->options.mode == results::TreeMode::kOverlay;
  TreeCheck exactly;
  exactly.extras = is_overlay ? Extras::kAllowed : Extras::kNone;
  auto is_live = is_what_index_says(places.folder, name, *entries, exactly);
  if (!is_live || *is_live) return is_live;
  if (is_container_gone) return is_what_index_says(places.folder, name, *entries, {});
  const auto is_staged = is_what_index_says(places.container, name, *entries, exactly);
  if (!is_staged) return is_staged.error();
  if (*is_staged) return false;
  return is_what_index_says(places.folder, name, *entries, {});
}

Result<void> TreeSides::revert(const Target& target, const SwapPlaces& places) const {
  for (const auto& each : target.swap->names) {
    if (auto ok = settle_swap(files_, places, each.name); !ok) return ok;
    const auto is_new = has_new(target, each, places);
    if (!is_new) return is_new.error();
    if (!*is_new) continue;
    const auto swapped = swap_name(files_, places, each.name);
    if (swapped) continue;
    const auto again = has_new(target, each, places);
    if (!again || *again) return swapped.error();
  }
  return {};
}

}  // namespace okg::hot_update
