#include "plugins/hot_update/update/run/parts.hpp"

namespace okg::hot_update {

PublishSettings publish_settings(const Settings& settings) {
  const auto keep_by =
      settings.load_patch_type == LoadPatchType::kNone ? KeepBy::kCopy : KeepBy::kLink;
  return {settings.file_dir, settings.file_mode, keep_by, settings.download.min_free_percent,
          settings.archive};
}

}  // namespace okg::hot_update
