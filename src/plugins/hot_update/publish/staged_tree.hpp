// A tree that is whole and durable, and not live yet: a container
// in staging that holds, under their names, what is to become live.
#pragma once

#include <string>
#include <utility>

#include "content/download_plan.hpp"
#include "files/folder.hpp"
#include "plugins/hot_update/publish/tree_index.hpp"

namespace okg::hot_update {

/// What an archive or a manifest brought. The container
/// is removed with its owner unless released.
class StagedTree {
 public:
  /// `sha256` and `validators` are those of the archive or the manifest.
  StagedTree(files::Folder staging, std::string name, Sha256 sha256, content::Validators validators)
      : staging_(std::move(staging)),
        name_(std::move(name)),
        sha256_(sha256),
        validators_(std::move(validators)) {}
  StagedTree(StagedTree&& other) noexcept
      : staging_(std::move(other.staging_)),
        name_(std::move(other.name_)),
        is_ours_(std::exchange(other.is_ours_, false)),
        sha256_(other.sha256_),
        validators_(std::move(other.validators_)),
        index_(std::move(other.index_)) {}
  StagedTree& operator=(StagedTree&&) = delete;
  ~StagedTree();

  /// Of the container, in staging.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// It has been renamed: it is no longer ours to remove.
  void release() { is_ours_ = false; }
  [[nodiscard]] const Sha256& sha256() const { return sha256_; }
  [[nodiscard]] const content::Validators& validators() const { return validators_; }
  [[nodiscard]] const TreeIndex& index() const { return index_; }
  void set_index(TreeIndex index) { index_ = std::move(index); }

 private:
  files::Folder staging_;
  std::string name_;
  bool is_ours_ = true;
  Sha256 sha256_;
  content::Validators validators_;
  TreeIndex index_;
};

}  // namespace okg::hot_update
