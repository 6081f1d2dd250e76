// Publish: one rename of a file, or an exchange of a folder, makes new content
// live; readers see the old or the new file, never part of one. Knows files
// only: the caller knows who asked for them, and writes the journal.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "base/io/file.hpp"
#include "base/time/timestamp.hpp"
#include "content/staged_content.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/kept_folder.hpp"
#include "plugins/hot_update/publish/place.hpp"
#include "plugins/hot_update/publish/publish_settings.hpp"
#include "plugins/hot_update/publish/replacement.hpp"
#include "plugins/hot_update/publish/tree_publisher.hpp"

namespace okg::hot_update {

/// What an update has obtained, and is to be live: a file, a tree,
/// or content that is kept and changes places with what is live.
using NextContent = std::variant<content::StagedContent, StagedTree, KeptContent>;

/// New content that is durable, beside the old one. Nothing is live yet.
class Prepared {
 public:
  [[nodiscard]] const Target& target() const { return target_; }

 private:
  friend class Publisher;
  struct File {
    Place place;
    content::StagedContent content;
  };
  explicit Prepared(Target target) : target_(std::move(target)) {}
  Prepared(Target target, Place place, content::StagedContent content)
      : target_(std::move(target)), file_(File{std::move(place), std::move(content)}) {}
  Target target_;
  std::optional<File> file_{};  ///< absent: the target has a swap
};

/// Puts files into the shared directory and reverts that. Never
/// leaves it: no symlink is followed below it.
/// Thread-compatible. All references outlive it.
class Publisher {
 public:
  Publisher(
      PublishSettings settings, const StateDir& state, FileSystem& files,
      GameCanWrite game_can_write = [] { return true; });

  /// Whether this path could be published at all: its folder exists and is
  /// writable or can be made, it is no directory, and staging is in the same
  /// file system. Asked before the first byte is downloaded; makes nothing.
  Result<void> check(const std::string& path) const;
  /// The same for a tree: what is there may be a folder.
  Result<void> check_tree(const std::string& path) const;
  /// Errors: as errno says; nothing has changed then.
  Result<Prepared> prepare(NextContent content, const Replacement& replacement) const;
  /// Errors: as errno says; the live file is what it was. Otherwise
  /// the content is live, or may be: then it is `unsynced`.
  Result<Committed> commit(Prepared& prepared) const;
  /// The old content of `target` is live again (or the path
  /// is gone again, when there was none), also if it was so
  /// already. `name` is Replacement::name. Errors: it is not.
  Result<Reverted> revert(const Target& target, const std::string& name) const;

  /// Kept content, in staging, to be published like downloaded
  /// content; it stays kept as well. Errors: kRefused when it
  /// is not what it was when it was live, or not `expected`.
  Result<content::StagedContent> take_kept(const KeptContent& kept,
                                           const std::optional<Sha256>& expected,
                                           const std::string& name) const;
  /// Size of kept content, all of it; 0 when it cannot
  /// be seen. Of a tree in a time that grows with its files.
  [[nodiscard]] std::uint64_t kept_bytes(const std::string& name) const {
    return kept_.bytes_of(name);
  }
  /// Digest of kept content; nothing when it cannot be read.
  [[nodiscard]] std::optional<Sha256> kept_digest(const std::string& name) const {
    return kept_.digest_of(name);
  }
  /// Makes the name that is live at `path` survive a power cut.
  Result<void> sync(const Target& target) const;
  /// Digest of what is live at `path`; nothing when there is no regular file.
  Result<std::optional<FileDigest>> live_digest(const std::string& path) const;
  /// The digest that a signature of the regular file at `path` signs,
  /// in hexadecimal digits. Errors: there is none.
  Result<std::string> live_blake2b(const std::string& path) const;
  /// Brings an exchange that was interrupted to one side, and
  /// says how much of what the target puts there is live.
  Result<LiveSide> settle(const Target& target) const;
  /// Trees have calls of their own.
  [[nodiscard]] const TreePublisher& trees() const { return trees_; }
  /// Whether kept content has to change places with
  /// what is live: it is a tree, or a tree is live.
  [[nodiscard]] bool needs_swap(const KeptContent& kept) const;
  /// When the live file last changed its place or content (its ctime).
  Result<Timestamp> changed_at(const Target& target) const;
  /// Deletes kept content that is not `needed`, and what
  /// is left in staging. To be called between two updates.
  void tidy(const Needed& needed) const { kept_.tidy(needed); }

 private:
  [[nodiscard]] Result<Place> open(const std::string& path, Folders folders) const;
  [[nodiscard]] Result<void> check_not_state(const Place& place) const;
  [[nodiscard]] Result<void> check_folder(int folder, const std::string& whole) const;
  [[nodiscard]] Result<Prepared> prepare_file(content::StagedContent content,
                                              const Replacement& replacement) const;
  [[nodiscard]] Result<void> set_mode(const content::StagedFile& file) const;
  [[nodiscard]] Result<void> revert_to_file(const Place& place, const KeptContent& kept) const;
  [[nodiscard]] Result<void> revert_to_link(const Place& place, const std::string& link,
                                            const std::string& name) const;
  [[nodiscard]] Result<void> remove(const Place& place) const;

  PublishSettings settings_;
  const StateDir& state_;
  FileSystem& files_;
  KeptFolder kept_;
  TreePublisher trees_;
};

}  // namespace okg::hot_update
