// Puts whole trees into the shared directory and reverts that:
// by one exchange for a folder, by one for each entry for the
// shared directory itself. Beside publisher.hpp, which does files.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "content/staged_content.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/place.hpp"
#include "plugins/hot_update/publish/publish_settings.hpp"
#include "plugins/hot_update/publish/replacement.hpp"
#include "plugins/hot_update/publish/staged_trees.hpp"
#include "plugins/hot_update/publish/swap.hpp"
#include "plugins/hot_update/publish/tree_places.hpp"
#include "plugins/hot_update/publish/tree_sides.hpp"

namespace okg::hot_update {

/// Thread-compatible. All references outlive it.
class TreePublisher {
 public:
  TreePublisher(const PublishSettings& settings, const StateDir& state, FileSystem& files,
                GameCanWrite game_can_write)
      : state_(state),
        files_(files),
        places_(settings.file_dir, state, files),
        staged_(settings, state, files, std::move(game_can_write)),
        sides_(state, files, places_) {}

  /// See TreePlaces.
  Result<unique_fd> check(const std::string& path) const { return places_.check(path); }
  /// Where trees are made.
  [[nodiscard]] const StagedTrees& staged() const { return staged_; }

  /// Moves it into kept/, whence commit() exchanges
  /// it with what is live. Errors: as errno says.
  Result<Target> prepare(StagedTree tree, const Replacement& replacement) const;
  /// The same for what is kept already, in its container.
  Result<Target> prepare_kept(const KeptContent& kept, const Replacement& replacement) const;

  /// Errors: as errno says; what is live is what it was. Otherwise
  /// all of it is live, or may be: then it is `unsynced`.
  Result<Committed> commit(const Target& target) const;
  /// Makes the old content live again, also if it is so already.
  Result<Reverted> revert(const Target& target) const;

  /// See TreeSides.
  Result<LiveSide> settle(const Target& target) const { return sides_.settle(target); }

  /// Whether what is at `path` is the tree that
  /// `file` says. `is_excused` gets paths below it.
  Result<bool> is_live(const std::string& path, const LiveContent& file,
                       const std::function<bool(const std::string&)>& is_excused) const;
  /// Whether kept content is the tree that its index says.
  [[nodiscard]] Result<bool> is_kept_whole(const KeptContent& kept) const;
  /// A file that is kept, by itself or in a container.
  [[nodiscard]] Result<unique_fd> open_kept_file(const KeptContent& kept) const;
  Result<void> sync(const std::string& path) const;
  Result<Timestamp> changed_at(const std::string& path) const;

 private:
  /// How what was written gets on the disk.
  enum class Sync {
    kHere,   ///< By a sync of its own.
    kLater,  ///< With all else, by one of the file system.
  };
  [[nodiscard]] Result<void> write_index(const std::string& name, const TreeIndex& index,
                                         Sync sync) const;
  [[nodiscard]] Result<Target> target_for(const Replacement& replacement, const TreeParent& parent,
                                          const std::string& container,
                                          results::TreeMode mode) const;
  [[nodiscard]] Result<std::vector<SwapName>> swap_names(const TreeParent& parent, int container,
                                                         results::TreeMode mode,
                                                         const std::set<std::string>& more) const;
  [[nodiscard]] std::set<std::string> names_added_by(const std::optional<LiveContent>& live) const;
  [[nodiscard]] Result<void> move_to_kept(const StagingContainer& staged, const std::string& name,
                                          Sync sync) const;
  [[nodiscard]] Result<std::string> container_of(const KeptContent& kept,
                                                 const std::string& name) const;
  /// Where the old content has gone is synced first. After the other
  /// one alone a power cut may leave the new content in both, and the
  /// old in neither: file systems need not sync a rename in one piece.
  enum class SyncFirst {
    kContainer,  ///< of a commit: the old content went there
    kLive,       ///< of a revert: it came back
  };
  [[nodiscard]] Result<void> sync_places(const SwapPlaces& places, SyncFirst first) const;

  const StateDir& state_;
  FileSystem& files_;
  TreePlaces places_;
  StagedTrees staged_;
  TreeSides sides_;
};

}  // namespace okg::hot_update
