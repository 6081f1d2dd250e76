#include "plugins/hot_update/publish/spares.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "base/log.hpp"
#include "plugins/hot_update/disk/tree_walk.hpp"
#include "plugins/hot_update/publish/tree_places.hpp"

namespace okg::hot_update {
namespace {

constexpr std::string_view kUnfinished = ".unfinished";
constexpr mode_t kContainerMode = 0700;

std::string unfinished(const std::string& index) { return index + std::string(kUnfinished); }

Result<files::Folder> open_root(const files::Folder& folder, const std::string& container,
                                const std::string& path) {
  auto opened = folder.open_folder(container);
  if (!opened || is_whole_directory(path)) return opened;
  return opened->open_folder(tree_name(path));
}

}  // namespace

std::optional<Spares::Taken> Spares::take(const Of& of, const std::string& container) const {
  const auto& staging = state_.staging();
  const auto move = [&](const std::string& name) {
    return files_.rename(state_.spares().fd(), name.c_str(), staging.fd(), container.c_str()) == 0;
  };
  if (!move(of.index) && !move(unfinished(of.index))) return std::nullopt;
  auto taken = look_at(of, container);
  if (taken) return std::optional(std::move(*taken));
  log::info("links to live files cannot be used, and are made again",
            {{"error", taken.error().message}});
  // A rest of them is in the way, and said then.
  (void)remove_tree(files_, staging.fd(), container);
  return std::nullopt;
}

Result<Spares::Taken> Spares::look_at(const Of& of, const std::string& container) const {
  auto root = open_root(state_.staging(), container, of.path);
  if (!root) return root.error();
  auto tree = SpareTree::look_at(files_, root->fd(), of.live.index, modes_);
  if (!tree) return tree.error();
  return Taken{std::move(*root), std::move(*tree)};
}

Result<void> Spares::make(const Of& of, const std::stop_token& stop) const {
  const auto& spares = state_.spares();
  struct stat status {};
  if (::fstatat(spares.fd(), of.index.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return {};
  const auto container = unfinished(of.index);
  auto filled = fill(of, container, stop);
  if (filled && !*filled) return {};
  if (filled && files_.rename(spares.fd(), container.c_str(), spares.fd(), of.index.c_str()) == 0)
    return {};
  const auto error = filled ? errno_error("rename " + spares.path_of(container), errno)
                            : filled.error().in(spares.path_of(container));
  if (auto ok = remove_tree(files_, spares.fd(), container); !ok) return ok;
  return error;
}

/// False: stopped before the end.
Result<bool> Spares::fill(const Of& of, const std::string& container,
                          const std::stop_token& stop) const {
  const auto& spares = state_.spares();
  if (auto ok = make_folder(spares.fd(), container, kContainerMode); !ok) return ok.error();
  if (!is_whole_directory(of.path)) {
    const auto outer = spares.open_folder(container);
    if (!outer) return outer.error();
    if (auto ok = make_folder(outer->fd(), tree_name(of.path), modes_.folder()); !ok)
      return ok.error();
  }
  const auto root = open_root(spares, container, of.path);
  if (!root) return root.error();
  return link_tree(files_, of.live, modes_, root->fd(), stop);
}

Result<void> Spares::make_folder(int parent, const std::string& name, mode_t mode) const {
  if (files_.make_folder(parent, name.c_str(), mode) == 0 || errno == EEXIST) return {};
  return errno_error("make the folder " + name, errno);
}

Result<void> Spares::remove_all_but(const std::set<std::string>& indexes,
                                    const std::stop_token& stop) const {
  const auto& spares = state_.spares();
  const auto names = spares.names();
  if (!names) return names.error();
  for (const auto& name : *names) {
    const auto index = name.substr(0, name.find(kUnfinished));
    if (indexes.contains(index)) continue;
    if (stop.stop_requested()) return {};
    if (auto ok = remove_tree(files_, spares.fd(), name); !ok) return ok;
  }
  return {};
}

}  // namespace okg::hot_update
