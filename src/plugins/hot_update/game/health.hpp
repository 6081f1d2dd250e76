// Confirm: the game is well after it was told to reload.
#pragma once

#include <stop_token>
#include <vector>

#include "base/error.hpp"
#include "http/client/client.hpp"
#include "plugins/hot_update/settings.hpp"
#include "process/process_table.hpp"

namespace okg::hot_update {

/// Checks again and again until every configured check holds, and the game's `processes` have lived
/// for processAliveSeconds. Errors: kTimeout, saying which check did not hold until timeoutSeconds
/// had passed; kUpstream when one of the processes is gone; kStopping.
Result<void> confirm(const ConfirmSettings& settings, http::Client& client,
                     const std::vector<process::Process>& processes, const std::stop_token& stop);

}  // namespace okg::hot_update
