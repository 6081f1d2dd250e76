// Whether this container sees the processes of its pod
// alone: shareProcessNamespace, and no hostPID.
#pragma once

#include "base/error.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// An error when this container sees more than its own pod (hostPID: true),
/// where some other game may have the name. Reads every process once.
[[nodiscard]] Result<void> check_process_namespace(const SignalSettings& settings);

}  // namespace okg::hot_update
