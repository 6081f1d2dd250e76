// Swaps names between the shared directory and a container in
// kept/: what was live is kept, and what was in the container is live.
// One exchange for each name, or renames where there is none.
#pragma once

#include <string>

#include "base/error.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/ledger/entries.hpp"

namespace okg::hot_update {

/// How names changed hands.
enum class SwapKind {
  kExchange,  ///< A reader finds the old or the new content at any moment.
  kRenames,   ///< The file system cannot exchange: for a moment there was none.
};

/// Where a name is.
struct SwapPlaces {
  int container = -1;  ///< open
  int folder = -1;     ///< open; of the live name
  std::string whole;   ///< of `folder`, for messages
};

/// The name in the container and the live one change places;
/// either may be missing. Errors: as errno says; nothing
/// has changed then, or settle_swap() brings it to an end.
Result<SwapKind> swap_name(FileSystem& files, const SwapPlaces& places, const std::string& name);

/// Undoes or finishes a swap_name() by renames that was interrupted.
Result<void> settle_swap(FileSystem& files, const SwapPlaces& places, const std::string& name);

/// 0 when there is no such name.
[[nodiscard]] std::uint64_t inode_at(int folder, const std::string& name);

}  // namespace okg::hot_update
