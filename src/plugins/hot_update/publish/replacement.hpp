// The replacement of a path's content, and
// what came of that: the words of the publishers.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/time/boot_time.hpp"
#include "plugins/hot_update/ledger/entries.hpp"

namespace okg::hot_update {

/// The replacement of a path's content.
struct Replacement {
  std::string path;
  results::Entry entry;  ///< its sha256 is filled in from the content
  std::string name;      ///< of the old content in kept/; unique among all that is kept
  std::optional<std::string> from_kept{};  ///< see Target::from_kept
  std::optional<LiveContent> was{};        ///< what the path is as far as we know
  /// The old content that a failed update before this one could not be
  /// reverted to: that is the old content, not what is live.
  std::optional<OldContent> unreverted{};
};

/// New content is live.
struct Committed {
  BootTime live_since{};          ///< taken just after the rename
  std::optional<Error> unsynced;  ///< why a power cut could still bring the old content back:
                                  ///< nobody is notified of the new one
  /// How a tree went live: "exchange" (at one instant), "exchanges" (one entry
  /// of the shared directory after the other) or "renames" (the
  /// file system has no exchange, and for a moment there was none).
  std::string exchanged{};
};

/// The old content is live again.
struct Reverted {
  std::optional<Error> unsynced;  ///< why a power cut could still bring the new content back
};

}  // namespace okg::hot_update
