// Whether the game can write to what is published:
// two versions never share an inode then.
#pragma once

#include <sys/types.h>

#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// Whether the game could write to files of this process that have this
/// mode: by their write bits, as the same user, or as root. A game that
/// is not seen might.
[[nodiscard]] bool game_can_write(const SignalSettings& signal, mode_t file_mode);

}  // namespace okg::hot_update
