// The entries of an archive so far:
// refuses one that comes twice, collides, or is too much.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.hpp"
#include "content/archive/entry.hpp"
#include "content/archive/limits.hpp"

namespace okg::content {

class Inventory {
 public:
  /// `packed_bytes`: of the whole archive. `what` it is, for
  /// messages. The limits outlive it.
  Inventory(const ArchiveLimits& limits, std::uint64_t packed_bytes,
            std::string_view what = "archive")
      : limits_(limits), packed_bytes_(packed_bytes), what_("the " + std::string(what)) {}

  /// Each entry, wanted or not. Errors: kRefused, max_files.
  Result<void> count_entry();
  /// Unpacked bytes, wanted or not. Errors: kRefused, max_bytes or max_ratio.
  Result<void> count_bytes(std::uint64_t bytes);
  /// Bytes of a stream as a decoder brings them, also those of no file: headers,
  /// and what is passed over. Errors: kRefused, as for count_bytes().
  Result<void> count_decoded(std::uint64_t bytes);
  /// Checks the announced size of the next file. Errors: kRefused, max_bytes.
  [[nodiscard]] Result<void> check_announced(std::uint64_t bytes) const;
  /// An entry that is wanted. Errors: kRefused, it is there already,
  /// collides with another, has a file or symlink above it, or there are too many names.
  Result<void> add(const Entry& entry);

  [[nodiscard]] std::uint64_t files() const { return files_; }

 private:
  struct Known {
    std::string path;
    EntryKind kind = EntryKind::kFolder;
    bool is_implied = false;  ///< a folder that has had no entry of its own
  };

  Result<void> count_name(const std::string& path);
  Result<void> count_folder(const std::string& path, bool is_implied);
  Result<void> add_folders_above(const std::string& path);
  Result<void> add_folder(const std::string& path, bool is_implied);
  [[nodiscard]] bool has_room_for(std::uint64_t bytes) const;
  [[nodiscard]] Result<void> check_ratio(std::uint64_t bytes) const;
  [[nodiscard]] Error unpacks_to_too_much() const;
  [[nodiscard]] Error has_symlink(const std::string& path) const;
  [[nodiscard]] Error collision(const std::string& one, const std::string& other) const;
  [[nodiscard]] Error file_and_folder(const std::string& path) const;
  Result<void> check_link(const Entry& entry) const;

  const ArchiveLimits& limits_;
  std::uint64_t packed_bytes_;
  std::string what_;  ///< "the archive"
  std::uint64_t entries_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t decoded_ = 0;
  std::uint64_t files_ = 0;
  std::uint64_t implied_folders_ = 0;
  std::uint64_t name_bytes_ = 0;
  std::unordered_map<std::string, Known> known_;  ///< by collision_key()
  std::string last_parent_;                       ///< its folders are known
};

}  // namespace okg::content
