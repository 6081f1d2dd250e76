// The command `validate --live`: what an update would meet on this machine.
#pragma once

#include "plugins/hot_update/settings/settings.hpp"
#include "sidecar/plugin.hpp"

namespace okg::hot_update {

/// Looks for the game, and at how it would be notified. Changes nothing.
[[nodiscard]] sidecar::LiveReport validate_live(const Settings& settings);

}  // namespace okg::hot_update
