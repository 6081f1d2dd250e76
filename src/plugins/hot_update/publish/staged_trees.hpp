// Makes trees in staging, of an archive or of a manifest's files.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "content/archive/reader.hpp"
#include "content/download_plan.hpp"
#include "content/manifest/fetch.hpp"
#include "content/manifest/manifest.hpp"
#include "content/staged_content.hpp"
#include "files/folder.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/disk/tree_builder.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/publish_settings.hpp"
#include "plugins/hot_update/publish/spares.hpp"
#include "plugins/hot_update/publish/staging_container.hpp"
#include "plugins/hot_update/publish/tree_places.hpp"

namespace okg::hot_update {

/// Whether the game could write to files that the sidecar made. Asked for each tree.
using GameCanWrite = std::function<bool()>;

/// A tree that is whole, and not live yet: a container in staging
/// that holds, under their names, what is to become live. Only
/// StagedTrees makes one, of content that was verified.
class StagedTree {
 public:
  [[nodiscard]] StagingContainer& container() { return container_; }
  [[nodiscard]] const StagingContainer& container() const { return container_; }
  // These are those of the archive or the manifest.
  [[nodiscard]] const Sha256& sha256() const { return sha256_; }
  [[nodiscard]] const content::Validators& validators() const { return validators_; }
  [[nodiscard]] const std::string& blake2b() const { return blake2b_; }

  [[nodiscard]] const TreeIndex& index() const { return index_; }
  /// Its files and folders are on the disk already.
  [[nodiscard]] bool is_synced() const { return is_synced_; }

 private:
  friend class StagedTrees;
  StagedTree(StagingContainer container, const content::StagedContent& of)
      : container_(std::move(container)),
        sha256_(of.sha256()),
        validators_(of.validators()),
        blake2b_(of.blake2b()) {}

  StagingContainer container_;
  Sha256 sha256_;
  content::Validators validators_;
  std::string blake2b_;
  TreeIndex index_;
  bool is_synced_ = false;
};

/// Which tree is to be made.
struct TreeWanted {
  const std::string& path;
  const results::TreeOptions& options;
  const std::optional<LiveContent>& live;  ///< what the path is as far as we know
  std::string name;                        ///< of the container
};

/// Downloads these files.
using FetchFiles = std::function<Result<void>(const std::vector<content::ManifestFile>&,
                                              const content::TakeFile&)>;

/// Thread-compatible. All references outlive it.
class StagedTrees {
 public:
  StagedTrees(const PublishSettings& settings, const StateDir& state, FileSystem& files,
              GameCanWrite game_can_write)
      : settings_(settings),
        state_(state),
        files_(files),
        places_(settings.file_dir, state, files),
        spares_(state, files, {settings.file_mode}),
        game_can_write_(std::move(game_can_write)) {}

  /// The archive, unpacked. Errors: kRefused, what the
  /// archive has must not go live; kStopping; as errno says.
  Result<StagedTree> unpack(content::StagedContent archive, const TreeWanted& wanted,
                            const std::stop_token& stop,
                            const content::OnUnpacked& on_unpacked) const;
  /// The files of the manifest: those that are live as they should
  /// be are taken from there, the others fetched. Errors: as unpack() and `fetch`.
  Result<StagedTree> assemble(content::StagedContent manifest, const TreeWanted& wanted,
                              const FetchFiles& fetch) const;
  /// Makes ready what assemble() starts from when little of this tree
  /// changes: see Spares. Does nothing where files are not linked.
  Result<void> make_spare(const std::string& path, const LiveContent& live,
                          const std::stop_token& stop) const;
  [[nodiscard]] const Spares& spares() const { return spares_; }
  /// An empty container of that name in staging, and the folder in it
  /// that is to become `path`: the container itself for ".".
  Result<files::Folder> make_root(const StagingContainer& container, const std::string& path) const;
  /// The container in staging of what is `name` in kept/.
  [[nodiscard]] StagingContainer container_for(const std::string& name) const {
    return {state_.staging(), name + ".tree"};
  }

 private:
  using Fill = std::function<Result<void>(TreeBuilder&)>;
  /// The tree that one is built beside, and the spare that it is built in.
  struct Beginning {
    std::optional<LiveTree> live{};
    std::optional<Spares::Taken> spare{};  ///< refers to `live`
  };
  void begin(const StagedTree& tree, const TreeWanted& wanted, Beginning& begun) const;
  [[nodiscard]] Result<StagedTree> build(StagedTree tree, const TreeWanted& wanted,
                                         Beginning& begun, const Fill& fill) const;
  [[nodiscard]] std::optional<Spares::Taken> take_spare(const StagedTree& tree,
                                                        const TreeWanted& wanted,
                                                        const std::optional<LiveTree>& live) const;
  [[nodiscard]] std::optional<LiveTree> live_tree(const std::string& path,
                                                  const std::optional<LiveContent>& live) const;
  [[nodiscard]] Result<void> check_names(const StagedTree& tree) const;

  const PublishSettings& settings_;
  const StateDir& state_;
  FileSystem& files_;
  TreePlaces places_;
  Spares spares_;
  GameCanWrite game_can_write_;
};

}  // namespace okg::hot_update
