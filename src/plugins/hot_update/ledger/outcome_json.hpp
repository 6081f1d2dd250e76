// The shape of an outcome in the journal's lines.
#pragma once

#include <nlohmann/json.hpp>

#include "plugins/hot_update/ledger/outcome.hpp"

namespace okg::hot_update {

// A member that is missing or of another kind throws; replay() turns that into an Error.

nlohmann::json to_json(const Outcome& outcome);
Outcome outcome_of(const nlohmann::json& json);

}  // namespace okg::hot_update
