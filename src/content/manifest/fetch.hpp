// Downloads files of a manifest, several at a time: each as any
// source is downloaded, with its retries, and resumed where it broke.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "content/download.hpp"
#include "content/manifest/manifest.hpp"
#include "content/staged_content.hpp"

namespace okg::content {

/// Makes a Send with connections of its own: one for each
/// lane. Called on the thread of fetch_files().
using OpenLane = std::function<Send()>;

struct FilesToFetch {
  const std::vector<ManifestFile>& files;
  std::string manifest_url;
  StagedName staged;  ///< the name is the beginning of each file's
  bool ask_past_caches = false;
  /// All files together, whatever the manifest says.
  Setting<std::uint64_t> max_bytes{std::numeric_limits<std::uint64_t>::max()};
  std::string update_id{};  ///< for the log
};

/// Gets each file as it is there, with its bytes and checksum
/// verified: one at a time, on any thread. Its error ends all.
using TakeFile = std::function<Result<void>(const ManifestFile&, StagedContent)>;

/// The time-out of `settings` is that of all of them together. Errors: the
/// first one, with its file; kStopping. No thread is left, and nothing in staging.
Result<void> fetch_files(const FilesToFetch& what, const OpenLane& open_lane,
                         const DownloadSettings& settings, const TakeFile& take,
                         const std::stop_token& stop, const OnProgress& on_progress);

}  // namespace okg::content
