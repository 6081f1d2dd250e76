// How content is published, as far as config.yaml says it.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "base/setting.hpp"
#include "content/archive/limits.hpp"

namespace okg::hot_update {

/// How old content is kept while new content takes its name.
enum class KeepBy {
  kLink,  ///< By a hard link: no byte is copied. A copy where links are not allowed.
  kCopy,  ///< By a copy (a reflink where there is one): the replaced file has no name any more, so
          ///< that a watcher of the file itself sees it deleted.
};

struct PublishSettings {
  std::filesystem::path file_dir;  ///< the shared directory
  mode_t file_mode;                ///< of each new file
  KeepBy keep_by;
  Setting<unsigned> min_free_percent;  ///< of the volume, after a copy
  content::ArchiveLimits archive;
};

}  // namespace okg::hot_update
