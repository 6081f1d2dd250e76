// The version `original`: what a path held before the sidecar first wrote it.
#pragma once

#include <string_view>

namespace okg::hot_update {

/// Content that came with the pod has this version and no URL. The
/// sidecar that ours replaces is "the original sidecar" elsewhere.
inline constexpr std::string_view kOriginalVersion = "original";

}  // namespace okg::hot_update
