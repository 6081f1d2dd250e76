// The lines of the log about one update, all with its `id`.
#pragma once

#include "plugins/hot_update/ledger/outcome.hpp"

namespace okg::hot_update {

/// "update started": id, version, path, url, caller.
void log_started(const Outcome& outcome);
/// "update stage": id, stage.
void log_stage(const Outcome& outcome);
/// "update ended": id, result, reason, version, path, url, caller,
/// stage, message, bytes, files, durationMs. An error when it failed.
void log_ended(const Outcome& outcome);

}  // namespace okg::hot_update
