// The hot_update plugin: starts and stops, and says how it is. running.hpp
// wires its parts, calls/handlers.hpp answers the calls below /hot-update.
#pragma once

#include "sidecar/plugin.hpp"

namespace okg::hot_update {

/// Its entry in the registry.
[[nodiscard]] sidecar::PluginKind plugin_kind();

}  // namespace okg::hot_update
