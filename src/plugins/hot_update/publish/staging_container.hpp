// A folder in staging, in which a tree is made before it is moved to kept/.
#pragma once

#include <string>
#include <utility>

#include "files/folder.hpp"

namespace okg::hot_update {

/// Removed with its owner, and all that is in it, unless released.
class StagingContainer {
 public:
  /// `name` is that of the folder in staging. Makes nothing.
  StagingContainer(files::Folder staging, std::string name)
      : staging_(std::move(staging)), name_(std::move(name)) {}
  StagingContainer(StagingContainer&& other) noexcept
      : staging_(std::move(other.staging_)),
        name_(std::move(other.name_)),
        is_ours_(std::exchange(other.is_ours_, false)) {}
  StagingContainer& operator=(StagingContainer&&) = delete;
  ~StagingContainer();

  [[nodiscard]] const std::string& name() const { return name_; }
  /// It has been renamed: it is no longer ours to remove.
  void release() { is_ours_ = false; }

 private:
  files::Folder staging_;
  std::string name_;
  bool is_ours_ = true;
};

}  // namespace okg::hot_update
