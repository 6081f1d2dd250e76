// Whether the game can write to what is published:
// two versions never share an inode then.
#pragma once

#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// Whether the game could write to files of this process that are not writable
/// for others: as the same user, or as root. A game that is not seen might.
[[nodiscard]] bool game_can_write(const SignalSettings& signal);

}  // namespace okg::hot_update
