// The keys of the configuration that say where results are written: storageConfig.
#pragma once

#include "config/reader.hpp"
#include "results/open.hpp"

namespace okg::hot_update {

[[nodiscard]] results::StorageSettings read_storage(config::MapReader map);

}  // namespace okg::hot_update
