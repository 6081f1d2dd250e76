// Work after an update that makes the next one take less time.
#pragma once

#include <stop_token>

#include "plugins/hot_update/update/run/parts.hpp"

namespace okg::hot_update {

/// Makes links to the files of trees that came by a manifest, for the next
/// version, and removes those that are out of date. What fails is logged:
/// an update goes without them. To be called between two updates.
void make_spares(const Parts& parts, const std::stop_token& stop);

}  // namespace okg::hot_update
