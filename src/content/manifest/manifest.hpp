// A manifest: the files of a folder as a JSON list, each with
// its checksum and with the URL that has it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"
#include "content/archive/limits.hpp"
#include "content/archive/selection.hpp"

namespace okg::content {

/// A manifest of 100,000 files takes a third of it.
inline constexpr std::uint64_t kMaxManifestBytes = std::uint64_t{64} << 20U;

struct ManifestFile {
  std::string path;  ///< "maps/1.json": checked, and as Selection makes it
  std::string url;   ///< relative to the manifest's own; empty: it is the path
  Sha256 sha256{};
  std::optional<std::uint64_t> bytes{};  ///< absent: the manifest does not say it
  bool is_executable = false;
};

/// `{"files":[{"path":"maps/1.json","sha256":"…","bytes":12,"mode":"0644","url":"maps/1.json"}]}`.
/// `path` and `sha256` are needed; without `url` it is the path; members of other names
/// are passed over. Of `mode` only the owner's x counts. Errors: kRefused with
/// kInvalidManifest, kUnsafeArchive (names, as in an archive) or kTooLarge.
Result<std::vector<ManifestFile>> parse_manifest(std::string_view text, const Selection& selection,
                                                 const ArchiveLimits& limits);
/// The same of a file. Errors: also what reading says.
Result<std::vector<ManifestFile>> read_manifest(int fd, const Selection& selection,
                                                const ArchiveLimits& limits);

/// The files of a manifest have more bytes than they may.
[[nodiscard]] Error more_than_allowed(const Setting<std::uint64_t>& max_bytes);

/// The URL of one file of the manifest at `manifest_url`. Errors: kRefused, it is none.
Result<std::string> url_of(const ManifestFile& file, const std::string& manifest_url);

/// "a b/ü.json" -> "a%20b/%C3%BC.json".
[[nodiscard]] std::string path_as_url(std::string_view path);

}  // namespace okg::content
