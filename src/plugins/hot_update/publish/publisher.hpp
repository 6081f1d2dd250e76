// Publish: one rename makes the new content live; readers see the old or the new file, never part
// of one.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/timestamp.hpp"
#include "content/staged_content.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/settings.hpp"

namespace okg::hot_update {

struct PublishedUpdate {
  Pending pending;
  Timestamp live_since{};         ///< taken just after the rename
  std::optional<Error> unsynced;  ///< why a power cut could still bring the old content back: it is
                                  ///< not to be told to anybody
};

/// The old content is live again.
struct PutBack {
  std::optional<Error> unsynced;  ///< why a power cut could still bring the new content back
};

/// Puts files into the shared directory and takes them back. Never leaves it: no symlink is
/// followed below it.
class Publisher {
 public:
  Publisher(const Settings& settings, const StateDir& state, Ledger& ledger)
      : settings_(settings), state_(state), ledger_(ledger) {}

  /// Whether this path could be published at all: its folder exists and is writable or can be made,
  /// it is no directory, and staging is in the same file system. Asked before the first byte is
  /// fetched; makes nothing.
  Result<void> check(const std::string& path) const;
  /// The file is durable, the old content kept and the intent journaled before the rename. Errors:
  /// as errno says; the live file is then what it was. Once the rename is made, the caller says
  /// what becomes of it, also of one that is `unsynced`. `used`: the name of the kept content that
  /// `file` is, or empty.
  Result<PublishedUpdate> publish(content::StagedContent file, const api::UpdateRequest& request,
                                  std::uint64_t seq, const std::string& used) const;
  /// Kept content, in staging to be published like a fetched one; it stays kept as well. Errors:
  /// kRefused when it is not what it was when it was live, or not `expected`.
  Result<content::StagedContent> stage_kept(const KeptFile& kept,
                                            const std::optional<Sha256>& expected,
                                            std::uint64_t seq) const;
  /// The content from before `pending` is live again (or the path is gone again, when there was
  /// none), also if it was so already. Errors: it is not.
  Result<PutBack> put_back(const Pending& pending) const;
  /// What is live at `path` survives a power cut.
  Result<void> sync(const std::string& path) const;
  /// Digest of what is live at `path`; nothing when there is no regular file.
  Result<std::optional<FileDigest>> live_digest(const std::string& path) const;
  /// When the live file last changed its place or content (its ctime).
  Result<Timestamp> live_since(const std::string& path) const;
  /// Deletes what no update needs: kept content that the ledger does not name (any more), and what
  /// could not be deleted from staging before. To be called between two updates.
  void tidy() const;

 private:
  struct Place;
  enum class Folders { kMustExist, kMake, kAsFarAsThere };
  [[nodiscard]] static Result<void> sync(const Place& place);
  [[nodiscard]] Result<Place> open_place(const std::string& path, Folders folders) const;
  [[nodiscard]] Result<content::StagedFile> link_kept(const std::string& name,
                                                      const std::string& staged_name) const;
  [[nodiscard]] Result<void> keep(const Place& place, Pending& pending) const;
  [[nodiscard]] Result<void> put_back_link(const Place& place, const Pending& pending) const;
  [[nodiscard]] Result<PublishedUpdate> go_live(const Place& place, content::StagedFile& file,
                                                Pending pending) const;

  const Settings& settings_;
  const StateDir& state_;
  Ledger& ledger_;
};

}  // namespace okg::hot_update
