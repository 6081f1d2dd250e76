#include "plugins/hot_update/disk/new_names.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "content/archive/name.hpp"
#include "content/archive/unsafe.hpp"

namespace okg::hot_update {

NewNames::NewNames(const std::vector<IndexEntry>& entries, int live_folder)
    : live_folder_(live_folder) {
  paths_.reserve(entries.size());
  for (const auto& entry : entries) paths_.emplace(content::collision_key(entry.path), entry.path);
}

Result<bool> NewNames::replace(const std::string& live_path) const {
  const auto found = paths_.find(content::collision_key(live_path));
  if (found == paths_.end()) return false;
  const auto& path = found->second;
  if (path == live_path) return true;
  struct stat status {};
  if (::fstatat(live_folder_, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return false;
  return content::unsafe("the entries '" + path + "', which is new, and '" + live_path +
                         "', which is live and stays, differ only in case or Unicode form; "
                         "give it the live one's name, or send mode=mirror");
}

}  // namespace okg::hot_update
