// Makes an archive or a manifest of a folder.
#pragma once

#include <filesystem>
#include <string>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"

namespace okg::bundle {

/// The same folder gives the same bytes: names are sorted, times and owners left
/// out. Returns the checksum. Errors: as list_folder(), and as errno says.
Result<Sha256> write_archive(const std::filesystem::path& folder,
                             const std::filesystem::path& archive);

struct ManifestText {
  std::string json;                 ///< one file a line
  std::uint64_t empty_folders = 0;  ///< which a manifest cannot say
};
/// `base_url`: what the files' paths are put behind; empty: they are beside the
/// manifest. `but` is left out. Errors: also kInvalid, the folder has a symlink.
Result<ManifestText> manifest_of(const std::filesystem::path& folder, std::string base_url,
                                 const std::filesystem::path& but);

}  // namespace okg::bundle
