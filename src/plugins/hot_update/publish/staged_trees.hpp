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
#include "plugins/hot_update/publish/spares.hpp"
#include "plugins/hot_update/publish/tree_places.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// Whether the game could write to files that the sidecar made. Asked for each tree.
using GameCanWrite = std::function<bool()>;

/// A tree that is whole, and not live yet: a container in
/// staging that holds, under their names, what is to become live.
/// The container is removed with its owner unless released.
class StagedTree {
 public:
  /// All but the name are of the archive or the manifest; `blake2b` as there.
  StagedTree(files::Folder staging, std::string name, Sha256 sha256, content::Validators validators,
             std::string blake2b)
      : staging_(std::move(staging)),
        name_(std::move(name)),
        sha256_(sha256),
        validators_(std::move(validators)),
        blake2b_(std::move(blake2b)) {}
  StagedTree(StagedTree&& other) noexcept
      : staging_(std::move(other.staging_)),
        name_(std::move(other.name_)),
        is_ours_(std::exchange(other.is_ours_, false)),
        sha256_(other.sha256_),
        validators_(std::move(other.validators_)),
        blake2b_(std::move(other.blake2b_)),
        index_(std::move(other.index_)),
        is_synced_(other.is_synced_) {}
  StagedTree& operator=(StagedTree&&) = delete;
  ~StagedTree();

  /// Of the container, in staging.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// It has been renamed: it is no longer ours to remove.
  void release() { is_ours_ = false; }
  [[nodiscard]] const Sha256& sha256() const { return sha256_; }
  [[nodiscard]] const content::Validators& validators() const { return validators_; }
  [[nodiscard]] const std::string& blake2b() const { return blake2b_; }
  [[nodiscard]] const TreeIndex& index() const { return index_; }
  /// `is_synced`: its files and folders are on the disk already.
  void set_content(TreeIndex index, bool is_synced) {
    index_ = std::move(index);
    is_synced_ = is_synced;
  }
  [[nodiscard]] bool is_synced() const { return is_synced_; }

 private:
  files::Folder staging_;
  std::string name_;
  bool is_ours_ = true;
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
  const std::optional<LiveFile>& live;  ///< what the path is as far as we know
  std::string name;                     ///< of the container
};

/// Downloads these files.
using FetchFiles = std::function<Result<void>(const std::vector<content::ManifestFile>&,
                                              const content::TakeFile&)>;

/// Thread-compatible. All references outlive it.
class StagedTrees {
 public:
  StagedTrees(const Settings& settings, const StateDir& state, FileSystem& files,
              GameCanWrite game_can_write)
      : settings_(settings),
        state_(state),
        files_(files),
        places_(settings, state, files),
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
  Result<void> make_spare(const std::string& path, const LiveFile& live,
                          const std::stop_token& stop) const;
  [[nodiscard]] const Spares& spares() const { return spares_; }
  /// An empty container of that name in staging, and the folder in it
  /// that is to become `path`: the container itself for ".".
  Result<files::Folder> make_root(const StagedTree& tree, const std::string& path) const;
  /// How a container is called in staging.
  [[nodiscard]] static std::string staged_name(const std::string& name) { return name + ".tree"; }

 private:
  using Fill = std::function<Result<void>(TreeBuilder&)>;
  /// What a tree is built beside, and in.
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
                                                  const std::optional<LiveFile>& live) const;
  [[nodiscard]] Result<void> check_names(const StagedTree& tree) const;

  const Settings& settings_;
  const StateDir& state_;
  FileSystem& files_;
  TreePlaces places_;
  Spares spares_;
  GameCanWrite game_can_write_;
};

}  // namespace okg::hot_update
