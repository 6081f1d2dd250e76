// Builds a folder in staging of what an archive or a manifest brings.
// A file that is live already and untouched is linked instead of written.
#pragma once

#include <sys/types.h>

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"
#include "base/io/unique_fd.hpp"
#include "content/archive/entry.hpp"
#include "content/manifest/manifest.hpp"
#include "content/staged_content.hpp"
#include "files/folder.hpp"
#include "files/headroom.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/disk/live_tree.hpp"
#include "plugins/hot_update/disk/new_files.hpp"
#include "plugins/hot_update/disk/spare_tree.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"

namespace okg::hot_update {

/// Thread-compatible.
class TreeBuilder final : public content::EntrySink {
 public:
  /// `root` is the folder to fill. `live`: nothing when there is nothing
  /// to share. All references outlive it. Errors of what follows, beside
  /// errno's: kNoSpace, less than `min_free_percent` of the volume would stay free.
  TreeBuilder(FileSystem& files, files::Folder root, TreeModes modes,
              const std::optional<LiveTree>& live, Setting<unsigned> min_free_percent);
  ~TreeBuilder() override = default;

  Result<void> begin(const content::Entry& entry) override;
  Result<void> write(std::span<const std::byte> bytes) override;
  Result<void> end() override;

  /// The root is not empty: this is in it.
  void start_from(SpareTree spare);
  /// Removes from the root all that the manifest does not want.
  Result<void> keep_only(const std::vector<content::ManifestFile>& wanted);
  /// Takes the file from what is live, where it is there with these bytes:
  /// linked where nobody can write to it, copied elsewhere. False: it is not.
  Result<bool> take_live(const content::ManifestFile& file);
  /// Takes what was downloaded for the file.
  Result<void> take_staged(const content::ManifestFile& file, content::StagedContent content);

  /// Whose folders an overlay is about.
  enum class Overlay {
    kFolder,      ///< The live folder, all of it.
    kTopFolders,  ///< The shared directory: only folders that came. The others stay where they are.
  };
  /// Adds what is live and did not come. To be called last.
  /// Errors: kRefused, as NewNames::replace() says; as errno says.
  Result<void> overlay(int live_folder, Overlay what);
  /// All of it is there. What overlay() added is not in the index.
  Result<TreeIndex> finish();
  /// So few files and folders are new that each was synced by finish(). Of
  /// more, the caller syncs the file system, with what else it has to sync.
  [[nodiscard]] bool is_synced() const { return is_synced_; }
  /// Files that were linked.
  [[nodiscard]] std::uint64_t linked() const { return linked_; }

 private:
  Result<void> make_folder(const std::string& path);
  Result<void> make_folders_above(const std::string& path);
  Result<void> make_symlink(const content::Entry& entry);
  Result<void> make_hard_link(const content::Entry& entry);
  /// The entry that was made at the path; nothing where there is none.
  const IndexEntry* made(const std::string& path);
  Result<void> open_output();
  /// So much is about to be written, or has been downloaded.
  Result<void> take_room(std::uint64_t bytes);
  /// Whether the live file, as the index knows it, became this one.
  Result<bool> link_live(const IndexEntry* known);
  [[nodiscard]] bool is_same(const IndexEntry* known) const;
  Result<bool> copy_live_if_same(const content::ManifestFile& file, const IndexEntry* known);
  /// The bytes of an open file become this one, unless they are others.
  Result<bool> copy_same(int from, std::uint64_t bytes, const content::ManifestFile& file);
  Result<bool> adopt_live(const std::string& path, const struct stat& status, int folder,
                          const std::string& name);
  [[nodiscard]] std::string named(const std::string& path) const { return root_.path_of(path); }

  FileSystem& files_;
  files::Folder root_;
  TreeModes modes_;
  const std::optional<LiveTree>& live_;
  TreeIndex::Cursor cursor_;
  std::optional<SpareTree> spare_;
  files::Headroom headroom_;
  std::set<std::string> folders_;
  std::string last_parent_;      ///< its folders are made
  std::set<std::string> added_;  ///< by overlay()
  std::vector<IndexEntry> entries_;
  /// Path -> place in entries_, up to `numbered_`: filled when hard links come.
  std::unordered_map<std::string, std::size_t> numbers_;
  std::size_t numbered_ = 0;
  // The file that is written now.
  IndexEntry now_;
  std::vector<std::byte> buffer_;
  unique_fd output_;
  Sha256Stream hash_;
  std::uint64_t linked_ = 0;
  bool is_synced_ = false;
  SmallFiles small_files_;  ///< last: it ends before what it uses
};

}  // namespace okg::hot_update
