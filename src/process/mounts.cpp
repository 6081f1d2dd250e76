#include "process/mounts.hpp"

#include <sstream>
#include <system_error>

#include "base/text.hpp"

namespace okg::process {
namespace {

constexpr std::string_view kDeleted = "//deleted";

/// Space, tab, newline and backslash are written as three octal digits.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text[i] == '\\' && i + 4 <= text.size()
                          ? parse_whole<unsigned char>(text.substr(i + 1, 3), 8)
                          : std::nullopt;
    plain += code ? static_cast<char>(*code) : text[i];
    if (code) i += 3;
  }
  return plain;
}

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) &&
         (folder.ends_with('/') || path[folder.size()] == '/');
}

std::string joined(std::string folder, std::string_view rest) {
  while (folder.ends_with('/')) folder.pop_back();
  return rest.empty() ? folder : folder + "/" + std::string(rest);
}

/// Where on which device a path is; no device when nothing is mounted there.
Mount place_of(const std::string& path, const std::vector<Mount>& mounts) {
  Mount place;
  std::size_t longest = 0;
  for (const auto& mount : mounts) {
    if (path != mount.point && !is_below(path, mount.point)) continue;
    if (mount.point.size() < longest) continue;  // of two at one point, the later one is seen
    longest = mount.point.size();
    place = mount;
  }
  auto rest = path.substr(std::min(longest, path.size()));
  if (rest.starts_with('/')) rest.erase(0, 1);
  place.root = joined(place.root, rest);
  return place;
}

}  // namespace

std::vector<Mount> parse_mounts(std::string_view text) {
  std::vector<Mount> mounts;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    Mount mount;
    std::string parent;
    std::string root;
    std::string point;
    if (!(fields >> mount.id >> parent >> mount.device >> root >> point)) continue;
    mount.root = unescaped(root);
    mount.point = unescaped(point);
    mounts.push_back(std::move(mount));
  }
  return mounts;
}

std::vector<Mount> read_mounts(const Process& process, const std::filesystem::path& proc) {
  return parse_mounts(
      read_proc_head((folder_of(process, proc) / "mountinfo").string(), kMaxMountinfoBytes));
}

std::vector<Mount> read_own_mounts() {
  return parse_mounts(read_proc_head("/proc/self/mountinfo", kMaxMountinfoBytes));
}

std::string mount_point_in(const std::vector<Mount>& mounts, const std::filesystem::path& folder) {
  for (const auto& mount : mounts)
    if (mount.point == folder.string() || is_below(mount.point, folder.string()))
      return mount.point;
  return {};
}

std::vector<MountInside> mounts_inside(const std::vector<Mount>& mounts,
                                       const std::vector<Mount>& own,
                                       const std::filesystem::path& shared_directory) {
  const auto shared = place_of(shared_directory.lexically_normal().string(), own);
  std::vector<MountInside> found;
  for (const auto& mount : mounts) {
    const std::filesystem::path point(mount.point);
    const auto folder = place_of(point.parent_path().string(), mounts);
    const auto place = joined(folder.root, point.filename().string());
    if (folder.device != shared.device || !is_below(place, shared.root)) continue;
    found.push_back({place.substr(joined(shared.root, "").size() + 1), mount.point});
  }
  return found;
}

std::vector<SingleFileMount> single_file_mounts(const std::vector<Mount>& mounts,
                                                const std::vector<Mount>& own,
                                                const std::filesystem::path& shared_directory) {
  const auto shared = place_of(shared_directory.lexically_normal().string(), own);
  std::vector<SingleFileMount> found;
  for (const auto& mount : mounts) {
    if (mount.device != shared.device || !is_below(mount.root, shared.root)) continue;
    auto file = mount.root.substr(shared.root.size());
    while (file.starts_with('/')) file.erase(0, 1);
    const bool is_deleted = file.ends_with(kDeleted);
    if (is_deleted) file.resize(file.size() - kDeleted.size());
    std::error_code error;
    if (is_deleted || std::filesystem::is_regular_file(shared_directory / file, error))
      found.push_back({std::move(file), mount.point});
  }
  return found;
}

}  // namespace okg::process
