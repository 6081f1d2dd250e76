// What the journal's lines are about: files that are live or kept, and updates on their way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/hot_update/ledger/outcome.hpp"
#include "results/file_entry.hpp"

namespace okg::hot_update {

/// The version of content that was there before the sidecar first wrote a path. It has no URL.
inline constexpr std::string_view kOriginalVersion = "original";

/// A file that we put live, and what makes its next fetch conditional.
struct LiveFile {
  results::FileEntry entry;
  std::uint64_t bytes = 0;
  std::string etag;
  std::string last_modified;
  bool operator==(const LiveFile&) const = default;
};

/// Earlier content of a path, held in `<stateDir>/kept/<name>`.
struct KeptFile {
  std::string path;
  std::string name;
  std::optional<LiveFile>
      was;  ///< absent: content that came with the pod, from before we first wrote this path
  bool operator==(const KeptFile&) const = default;
};

/// An update between the moment its content is about to go live and the moment its outcome is
/// known.
struct Pending {
  std::uint64_t seq = 0;
  std::string path;
  LiveFile next;
  std::optional<KeptFile> previous;  ///< absent: there was no regular file
  std::string
      used{};  ///< name of the kept content that goes live again; empty for content from a source
  std::string link{};        ///< where the path led to when it was a symlink
  bool is_answered = false;  ///< it failed, and the old content is still to be put back
  bool operator==(const Pending&) const = default;
};

/// How an update ended, and what that makes of its path.
struct UpdateEnd {
  Outcome outcome;
  std::optional<LiveFile> live;
  std::optional<KeptFile> kept{};  ///< becomes the newest kept content of its path
  std::string used{};              ///< name of the kept content that is live now and no longer kept
  bool stays_pending = false;      ///< see Pending::is_answered
};

}  // namespace okg::hot_update
