// Publish: one rename makes the new content of a path live; readers see the old or the new file,
// never part of one. Knows files only: who asked for them, and what is journaled, is its caller's.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/timestamp.hpp"
#include "content/staged_content.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/file_system.hpp"
#include "plugins/hot_update/publish/kept_files.hpp"
#include "plugins/hot_update/publish/place.hpp"
#include "plugins/hot_update/settings.hpp"

namespace okg::hot_update {

/// What is to replace the content of a path.
struct Replacement {
  std::string path;
  results::FileEntry entry;  ///< its sha256 is filled in from the content
  std::string name;          ///< of the old content in kept/; unique among all that is kept
  std::optional<std::string> from_kept{};  ///< see Target::from_kept
  std::optional<LiveFile> was{};           ///< what the path is as far as we know
  /// What a failed update before this one could not be reverted to: that is the old content, not
  /// what is live.
  std::optional<OldContent> unreverted{};
};

/// New content that is durable in staging, beside the old one that is kept. Nothing is live yet.
class Prepared {
 public:
  [[nodiscard]] const Target& target() const { return target_; }

 private:
  friend class Publisher;
  Prepared(Target target, Place place, content::StagedContent content)
      : target_(std::move(target)), place_(std::move(place)), content_(std::move(content)) {}
  Target target_;
  Place place_;
  content::StagedContent content_;
};

/// New content is live.
struct Committed {
  Timestamp live_since{};         ///< taken just after the rename
  std::optional<Error> unsynced;  ///< why a power cut could still bring the old content back: it is
                                  ///< not to be told to anybody
};

/// The old content is live again.
struct Reverted {
  std::optional<Error> unsynced;  ///< why a power cut could still bring the new content back
};

/// Puts files into the shared directory and takes them back. Never leaves it: no symlink is
/// followed below it. Thread-compatible. All references outlive it.
class Publisher {
 public:
  Publisher(const Settings& settings, const StateDir& state, FileSystem& files);

  /// Whether this path could be published at all: its folder exists and is writable or can be made,
  /// it is no directory, and staging is in the same file system. Asked before the first byte is
  /// downloaded; makes nothing.
  Result<void> check(const std::string& path) const;
  /// Errors: as errno says; nothing has changed then.
  Result<Prepared> prepare(content::StagedContent content, const Replacement& replacement) const;
  /// Errors: as errno says; the live file is what it was. Otherwise the content is live, or may be:
  /// then it is `unsynced`.
  Result<Committed> commit(Prepared& prepared) const;
  /// The old content of `target` is live again (or the path is gone again, when there was none),
  /// also if it was so already. `name` is Replacement::name. Errors: it is not.
  Result<Reverted> revert(const Target& target, const std::string& name) const;

  /// Kept content, in staging, to be published like downloaded content; it stays kept as well.
  /// Errors: kRefused when it is not what it was when it was live, or not `expected`.
  Result<content::StagedContent> stage_kept(const KeptFile& kept,
                                            const std::optional<Sha256>& expected,
                                            const std::string& name) const;
  /// Size of kept content; 0 when it cannot be seen.
  [[nodiscard]] std::uint64_t kept_bytes(const std::string& name) const {
    return kept_.bytes_of(name);
  }
  /// Digest of kept content; nothing when it cannot be read.
  [[nodiscard]] std::optional<Sha256> kept_digest(const std::string& name) const {
    return kept_.digest_of(name);
  }
  /// What is live at `path` survives a power cut.
  Result<void> sync(const std::string& path) const;
  /// Digest of what is live at `path`; nothing when there is no regular file.
  Result<std::optional<FileDigest>> live_digest(const std::string& path) const;
  /// When the live file last changed its place or content (its ctime).
  Result<Timestamp> live_since(const std::string& path) const;
  /// Deletes kept content that is not `needed`, and what is left in staging. To be called between
  /// two updates.
  void tidy(const std::set<std::string>& needed) const { kept_.tidy(needed); }

 private:
  [[nodiscard]] Result<Place> open(const std::string& path, Folders folders) const;
  [[nodiscard]] Result<void> check_not_state(const Place& place) const;
  [[nodiscard]] Result<void> set_mode(const content::StagedFile& file) const;
  [[nodiscard]] Result<void> revert_to_file(const Place& place, const KeptFile& kept) const;
  [[nodiscard]] Result<void> revert_to_link(const Place& place, const std::string& link,
                                            const std::string& name) const;
  [[nodiscard]] Result<void> remove(const Place& place) const;

  const Settings& settings_;
  const StateDir& state_;
  FileSystem& files_;
  KeptFiles kept_;
};

}  // namespace okg::hot_update
