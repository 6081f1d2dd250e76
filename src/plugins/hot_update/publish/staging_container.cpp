#include "plugins/hot_update/publish/staging_container.hpp"

#include "base/log.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/disk/tree_walk.hpp"

namespace okg::hot_update {

StagingContainer::~StagingContainer() {
  if (!is_ours_) return;
  FileSystem files;
  if (auto ok = remove_tree(files, staging_.fd(), name_); !ok)
    log::warn("a tree in staging could not be deleted yet", {{"error", ok.error().message}});
}

}  // namespace okg::hot_update
