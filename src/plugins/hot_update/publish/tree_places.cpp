#include "plugins/hot_update/publish/tree_places.hpp"

#include <fcntl.h>

#include <filesystem>

#include "base/io/file.hpp"
#include "base/io/path.hpp"
#include "plugins/hot_update/disk/off_limits.hpp"
#include "process/mounts.hpp"

namespace okg::hot_update {

std::string tree_name(const std::string& path) {
  if (is_whole_directory(path)) return {};
  return path.substr(path.rfind('/') + 1);
}

Result<TreeParent> TreePlaces::open_parent(const std::string& path, Folders folders) const {
  if (!is_whole_directory(path)) {
    auto place = open_place(files_, file_dir_, path, folders);
    if (!place) return place.error();
    return TreeParent{std::move(place->folder), place->name, file_dir_ / path};
  }
  auto folder = open_file(file_dir_, O_RDONLY | O_DIRECTORY);
  if (!folder) return why_no_shared_directory(folder.error());
  return TreeParent{std::move(*folder), {}, file_dir_.string()};
}

Result<unique_fd> TreePlaces::check(const std::string& path) const {
  const auto state = resolve(state_.root().path());
  if (!state) return state.error();
  const auto shared = resolve(file_dir_);
  if (!shared) return shared.error();
  const auto folder = is_whole_directory(path) ? *shared : *shared / path;
  if (is_below(folder, *state)) return in_state_dir(path);
  const bool is_top_entry = is_whole_directory(path) && state->parent_path() == *shared;
  if (is_below(*state, folder) && !is_top_entry)
    return fail(ErrorCode::kInvalid, Reason::kInvalidField,
                "the sidecar's own state directory is in the folder '" + path +
                    "'; give another path, or move stateDir");
  if (!is_whole_directory(path))
    if (auto ok = check_mounts({path}); !ok) return ok.error();
  auto parent = open_parent(path, Folders::kAsFarAsThere);
  if (!parent) return parent.error();
  return std::move(parent->folder);
}

Result<void> TreePlaces::check_mounts(const std::vector<std::string>& paths) const {
  const auto shared = resolve(file_dir_);
  if (!shared) return shared.error();
  const auto mounts = process::read_own_mounts();
  for (const auto& path : paths) {
    const auto point = process::mount_point_in(mounts, *shared / path);
    if (point.empty()) continue;
    return fail(ErrorCode::kInvalid, Reason::kTargetIsMountPoint, point,
                " is a mount point; neither it nor a folder that it is in can change places with "
                "another one: update a folder beside it, or mount it elsewhere");
  }
  return {};
}

bool TreePlaces::is_off_limits(int folder, const std::string& name) const {
  return hot_update::is_off_limits(folder, name, state_.root());
}

Result<files::Folder> TreePlaces::open_container(const std::string& name) const {
  return state_.kept().open_folder(name);
}

}  // namespace okg::hot_update
