// The keys of the configuration that say where updates may come from.
#pragma once

#include "config/reader.hpp"
#include "source/source_settings.hpp"

namespace okg::hot_update {

/// `map`: the plugin's own, which the caller finishes.
[[nodiscard]] source::SourceSettings read_sources(config::MapReader& map);

}  // namespace okg::hot_update
