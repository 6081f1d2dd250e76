// The worker's state, as an operator sees it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"
#include "plugins/hot_update/ledger/stage.hpp"

namespace okg::hot_update {

/// At one moment.
struct WorkStatus {
  std::optional<api::UpdateRequest> in_progress;
  std::optional<Stage> stage;  ///< of what is in progress
  std::vector<api::UpdateRequest> queued;
  std::vector<Outcome> cancelled;  ///< while queued, and not journaled yet
  bool restored = false;
  bool knows_wanted = false;  ///< the store has said what this pod should run
  /// Path that is not restored yet -> why the last
  /// attempt failed; nothing: there was none.
  std::map<std::string, std::optional<Error>> missing;
  /// Path -> why its stored entry is not used. It holds up nothing.
  std::map<std::string, Error> ignored;
};

}  // namespace okg::hot_update
