// Makes trees in staging, of an archive or of a manifest's files.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "content/manifest/fetch.hpp"
#include "content/manifest/manifest.hpp"
#include "content/staged_content.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/file_system.hpp"
#include "plugins/hot_update/publish/staged_tree.hpp"
#include "plugins/hot_update/publish/tree_builder.hpp"
#include "plugins/hot_update/publish/tree_places.hpp"
#include "plugins/hot_update/settings.hpp"

namespace okg::hot_update {

/// Whether the game could write to files that the sidecar made. Asked for each tree.
using GameCanWrite = std::function<bool()>;

/// Which tree is to be made.
struct TreeWanted {
  const std::string& path;
  const results::TreeOrder& order;
  const std::optional<LiveFile>& live;  ///< what the path is as far as we know
  std::string name;                     ///< of the container
};

/// Downloads these files.
using FetchFiles = std::function<Result<void>(const std::vector<content::ManifestFile>&,
                                              const content::TakeFile&)>;

/// Thread-compatible. All references outlive it.
class TreeStage {
 public:
  TreeStage(const Settings& settings, const StateDir& state, FileSystem& files,
            GameCanWrite game_can_write)
      : settings_(settings),
        state_(state),
        files_(files),
        places_(settings, state, files),
        game_can_write_(std::move(game_can_write)) {}

  /// The archive, unpacked, durable. Errors: kRefused, what the
  /// archive has must not go live; kStopping; as errno says.
  Result<StagedTree> unpack(content::StagedContent archive, const TreeWanted& wanted,
                            const std::stop_token& stop) const;
  /// The files of the manifest, durable: those that are live as they should
  /// be are taken from there, the others fetched. Errors: as unpack() and `fetch`.
  Result<StagedTree> assemble(content::StagedContent manifest, const TreeWanted& wanted,
                              const FetchFiles& fetch) const;
  /// An empty container of that name in staging, and the folder in it
  /// that is to become `path`: the container itself for ".".
  Result<files::Folder> make_root(const StagedTree& tree, const std::string& path) const;
  /// How a container is called in staging.
  [[nodiscard]] static std::string staged_name(const std::string& name) { return name + ".tree"; }

 private:
  using Fill = std::function<Result<void>(TreeBuilder&)>;
  [[nodiscard]] Result<StagedTree> build(StagedTree tree, const TreeWanted& wanted,
                                         const Fill& fill) const;
  [[nodiscard]] std::optional<LiveTree> live_tree(const std::string& path,
                                                  const std::optional<LiveFile>& live) const;
  [[nodiscard]] Result<void> check_names(const TreeIndex& index) const;

  const Settings& settings_;
  const StateDir& state_;
  FileSystem& files_;
  TreePlaces places_;
  GameCanWrite game_can_write_;
};

}  // namespace okg::hot_update
