// The mounts that a process sees.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "process/process_table.hpp"

namespace okg::process {

/// Mounts of a process beyond that are not seen.
constexpr std::size_t kMaxMountinfoBytes = std::size_t{1024} * 1024;

struct Mount {
  std::uint64_t id = 0;
  std::string device;  ///< "8:1"
  std::string root;  ///< what of the file system is mounted; "…//deleted" once it has been removed
  std::string point;  ///< where
};

/// Readable for every process that is visible, whoever runs it. Empty when it is gone.
/// @source proc(5): /proc/[pid]/mountinfo
[[nodiscard]] std::vector<Mount> read_mounts(const Process& process,
                                             const std::filesystem::path& proc = "/proc");
[[nodiscard]] std::vector<Mount> read_own_mounts();
[[nodiscard]] std::vector<Mount> parse_mounts(std::string_view text);

/// Where something is mounted at `folder`, which is canonical, or below it. Empty: nowhere.
[[nodiscard]] std::string mount_point_in(const std::vector<Mount>& mounts,
                                         const std::filesystem::path& folder);

/// Something that a process has mounted in the shared directory.
struct MountInside {
  std::string path;   ///< below the shared directory
  std::string point;  ///< where the process has it
};

/// The mounts of a process in `mounts`, as single_file_mounts() has them.
[[nodiscard]] std::vector<MountInside> mounts_inside(const std::vector<Mount>& mounts,
                                                     const std::vector<Mount>& own,
                                                     const std::filesystem::path& shared_directory);

/// A single file of the shared directory, mounted by itself:
/// the process keeps that very file when another one is renamed
/// over it. In Kubernetes: `subPath` with the name of a file.
struct SingleFileMount {
  std::string file;   ///< below the shared directory
  std::string point;  ///< where the process has it
};

/// The mounts in `mounts`, of a process, of files below
/// `shared_directory`, as somebody with the mounts `own` sees it.
[[nodiscard]] std::vector<SingleFileMount> single_file_mounts(
    const std::vector<Mount>& mounts, const std::vector<Mount>& own,
    const std::filesystem::path& shared_directory);

}  // namespace okg::process
