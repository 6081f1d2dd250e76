// The shapes of the journal's lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "plugins/hot_update/ledger/entries.hpp"

namespace okg::hot_update {

// They are the ledger's alone: written and read by it, and checked by the journal's checksum, so a
// member that is missing or of another kind is a programming error, or somebody else's line, and
// throws; Ledger::replay() turns that into an Error.

/// Never negative, never a fraction.
std::uint64_t count_of(const nlohmann::json& json);

nlohmann::json to_json(const LiveFile& file);
nlohmann::json to_json(const KeptFile& kept);
nlohmann::json to_json(const Pending& pending);
nlohmann::json to_json(const Outcome& outcome);
nlohmann::json to_json(const UpdateEnd& end, std::size_t keep_versions);

LiveFile live_of(const nlohmann::json& json);
KeptFile kept_of(const nlohmann::json& json);
Pending pending_of(const nlohmann::json& json);
Outcome outcome_of(const nlohmann::json& json);
UpdateEnd end_of(const nlohmann::json& json);

}  // namespace okg::hot_update
