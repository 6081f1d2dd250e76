// The lines that the log has of one update, all with its `id`.
#pragma once

#include "plugins/hot_update/ledger/outcome.hpp"

namespace okg::hot_update {

/// "update started": id, version, path, url.
void log_started(const Outcome& outcome);
/// "update stage": id, stage.
void log_stage(const Outcome& outcome);
/// "update ended": id, result, version, path, url, stage,
/// message, bytes, files, durationMs. An error when it failed.
void log_ended(const Outcome& outcome);

}  // namespace okg::hot_update
