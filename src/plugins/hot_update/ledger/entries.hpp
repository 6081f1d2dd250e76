// The nouns of the journal's lines: content that
// is live or kept, and updates on their way.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time/boot_time.hpp"
#include "plugins/hot_update/ledger/original_version.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"
#include "results/entry.hpp"

namespace okg::hot_update {

/// A file or tree that we put live, and what makes its next download conditional.
struct LiveContent {
  results::Entry entry;
  std::uint64_t bytes = 0;
  std::string etag;
  std::string last_modified;
  std::string index{};  ///< of a tree: `<stateDir>/trees/<index>` says what is in it
  /// What its signature signs, in hexadecimal digits, of the archive
  /// or the manifest of a tree. Empty: signatures were not verified then.
  std::string blake2b{};
  bool operator==(const LiveContent&) const = default;
};

/// Earlier content of a path, held in `<stateDir>/kept/<name>`.
struct KeptContent {
  std::string path;
  std::string name;
  /// Absent: content that came with the pod, from before we first wrote this path.
  std::optional<LiveContent> was;
  /// It is only the part of the shared directory that an overlay replaced.
  /// It goes back to where the overlay was, and nowhere else.
  bool is_partial = false;
  /// The content that was live below a tree's path, which updates of single
  /// paths had put there. It goes live again with the tree.
  std::map<std::string, LiveContent> below{};
  /// All of it, as it was when it was kept. Absent: it was not counted.
  std::optional<std::uint64_t> bytes{};
  bool operator==(const KeptContent&) const = default;

  [[nodiscard]] std::string_view version() const {
    return was ? std::string_view(was->entry.version) : kOriginalVersion;
  }
};

/// The content of a path before an update.
struct OldContent {
  enum class Kind {
    kNothing,  ///< Nothing had the name.
    kKept,     ///< A file or a folder, which is `kept`.
    kSymlink,  ///< A symlink to `link`.
  };
  Kind kind = Kind::kNothing;
  KeptContent kept{};
  std::string link{};
  bool operator==(const OldContent&) const = default;

  [[nodiscard]] static OldContent in_kept(KeptContent kept) {
    return {Kind::kKept, std::move(kept), {}};
  }
  [[nodiscard]] static OldContent symlink(std::string link) {
    return {Kind::kSymlink, {}, std::move(link)};
  }
};

/// One name that changes hands when a tree goes live.
struct SwapName {
  std::string name;
  std::uint64_t inode = 0;  ///< of what goes live; 0: the name goes away
  bool operator==(const SwapName&) const = default;
};

/// The names that an exchange of a tree moves between the
/// path's folder and `<stateDir>/kept/<container>`.
struct Swap {
  std::string container;
  std::vector<SwapName> names;
  bool operator==(const Swap&) const = default;
};

/// One path of an update.
struct Target {
  std::string path;
  LiveContent next;
  OldContent old;
  /// The name of the kept content that goes live
  /// again. Absent: the content is from a source.
  std::optional<std::string> from_kept{};
  /// It goes live by an exchange. Absent: by the rename of a file.
  std::optional<Swap> swap{};
  bool operator==(const Target&) const = default;
};

/// An update of one or many paths that is about to go live, until it has
/// ended, or until the old content is reverted to.
struct Intent {
  std::uint64_t seq = 0;
  std::vector<Target> targets;
  /// It failed, and the old content is still to be reverted to.
  bool needs_revert = false;
  /// When it was made, just before it could come true. Absent: by an older release.
  std::optional<Moment> at{};
  bool operator==(const Intent&) const = default;
};

/// The state of one path after an update's end.
struct PathEnd {
  std::string path;
  std::optional<LiveContent> live;         ///< absent: it is what it was
  std::optional<KeptContent> kept{};       ///< becomes the newest kept content of the path
  std::optional<std::string> used_kept{};  ///< kept content that is live now and no longer kept
  bool operator==(const PathEnd&) const = default;
};

/// How an update ended, and what that makes of its paths.
struct UpdateEnd {
  Outcome outcome{};
  std::vector<PathEnd> paths{};
  bool needs_revert = false;                ///< see Intent::needs_revert
  std::vector<std::string> dropped_kept{};  ///< names of kept content that is too much (keepBytes)
};

}  // namespace okg::hot_update
