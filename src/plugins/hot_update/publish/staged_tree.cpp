#include "plugins/hot_update/publish/staged_tree.hpp"

#include "base/log.hpp"
#include "plugins/hot_update/publish/tree_walk.hpp"

namespace okg::hot_update {

StagedTree::~StagedTree() {
  if (!is_ours_) return;
  FileSystem files;
  if (auto ok = remove_tree(files, staging_.fd(), name_); !ok)
    log::warn("a tree in staging could not be deleted yet", {{"error", ok.error().message}});
}

}  // namespace okg::hot_update
