// The folder `kept/`: earlier contents of paths, each under a name of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"
#include "base/setting.hpp"
#include "content/staged_file.hpp"
#include "files/folder.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/place.hpp"
#include "plugins/hot_update/publish/publish_settings.hpp"

namespace okg::hot_update {

/// Names that the ledger still has.
struct Needed {
  std::set<std::string> kept;   ///< of kept/
  std::set<std::string> trees;  ///< of trees/
};

/// Thread-compatible. All references outlive it.
class KeptFolder {
 public:
  /// Copies leave `min_free_percent` of the volume free.
  KeptFolder(FileSystem& files, const StateDir& state, KeepBy by,
             const Setting<unsigned>& min_free_percent)
      : files_(files), state_(state), by_(by), min_free_percent_(min_free_percent) {}

  /// Keeps what is live at `place` as `kept.name`, durably; a symlink
  /// is noted only. Errors: kInvalid when it is neither a regular
  /// file nor a symlink, kNoSpace, and as errno says; nothing is kept then.
  Result<OldContent> keep(const Place& place, KeptContent kept) const;
  /// A second name for kept content (or a copy of it) in staging.
  /// The kept file stays: a crash must be able to do this once more. A
  /// revert may need it: nothing has to stay free.
  Result<content::StagedFile> put_in_staging(const std::string& name,
                                             const std::string& staged_name) const;
  /// 0 when it cannot be seen.
  [[nodiscard]] std::uint64_t bytes_of(const std::string& name) const;
  /// Nothing when it cannot be read.
  [[nodiscard]] std::optional<Sha256> digest_of(const std::string& name) const;
  /// Deletes what is kept, and the indexes of trees,
  /// when not `needed`, and all that is in staging.
  void tidy(const Needed& needed) const;

 private:
  [[nodiscard]] Result<void> copy(int from, const files::Folder& folder, const std::string& name,
                                  const Setting<unsigned>& min_free_percent) const;
  [[nodiscard]] Result<void> keep_file(const Place& place, int live, const std::string& name) const;

  FileSystem& files_;
  const StateDir& state_;
  KeepBy by_;
  const Setting<unsigned>& min_free_percent_;
};

}  // namespace okg::hot_update
