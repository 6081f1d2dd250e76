// The hot_update plugin: adds the routes below /hot-update
// and answers them. running.hpp wires the parts.
#pragma once

#include "sidecar/plugin.hpp"

namespace okg::hot_update {

/// Its entry in the registry.
[[nodiscard]] sidecar::PluginKind plugin_kind();

}  // namespace okg::hot_update
