// Trigger: finds the main process and tells it to reload.
#pragma once

#include <sys/types.h>

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/timestamp.hpp"
#include "plugins/hot_update/settings.hpp"

namespace okg::hot_update {

struct TriggerOutcome {
  std::string message;  ///< what was done, for the operator: "SIGHUP sent to process 7 (nginx: master process nginx)"
};

/// Sends the configured signal to the main process, waiting up to signal.waitSeconds for it to be there and to handle the
/// signal: one that does not would be ended by it. `content_since`: at a start; then only a process that started before that
/// moment is told, and none at all is fine, since it will read the content when it starts. Errors: kNotFound (no process
/// matches), kForbidden (not permitted), kInvalid (does not handle the signal), each with the cure.
Result<TriggerOutcome> trigger(const Settings& settings, std::optional<Timestamp> content_since, const std::stop_token& stop);

}  // namespace okg::hot_update
