// Lists a folder that is to be sent:
// each name checked as the sidecar will check it.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace okg::bundle {

enum class Kind { kFile, kFolder, kSymlink };

struct Item {
  std::string path;  ///< below the folder
  Kind kind = Kind::kFile;
  bool is_executable = false;
  std::uint64_t bytes = 0;
  std::string link{};  ///< what a symlink says
};

/// Sorted by path, byte by byte, so that a folder comes before what is in
/// it. `but`: a file that is left out, as it is being written. Errors: kInvalid,
/// with a name, a symlink or a kind that the sidecar would refuse; as errno says.
Result<std::vector<Item>> list_folder(const std::filesystem::path& folder,
                                      const std::filesystem::path& but);

using Take = std::function<Result<void>(std::span<const std::byte>)>;
/// All bytes of a file. Errors: kInvalid, it has not as many as the item says.
Result<void> read_item(const std::filesystem::path& folder, const Item& item, const Take& take);

}  // namespace okg::bundle
