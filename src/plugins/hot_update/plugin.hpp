// The hot_update plugin: wires request, worker, recorder and store together, and answers
// /hot-update.
#pragma once

#include "sidecar/plugin.hpp"

namespace okg::hot_update {

/// Its entry in the registry.
[[nodiscard]] sidecar::PluginKind plugin_kind();

}  // namespace okg::hot_update
