// Orders are held while a label of the pod says that the game is busy.
#pragma once

#include <string>

#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// Why orders wait now; empty: they do not. Labels that
/// cannot be seen may say that there are players.
[[nodiscard]] std::string why_held(const HoldWhile& hold);

}  // namespace okg::hot_update
