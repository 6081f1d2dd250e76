// The shapes of the journal's lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"

namespace okg::hot_update {

/// The words of the first line, in every version.
inline constexpr std::string_view kJournalFormat = "okg-sidecar journal";
/// The version of the form that this release writes. See docs/journal.md.
inline constexpr int kJournalVersion = 1;

// They are the ledger's alone: written and read by it, and
// checked by the journal's checksum. A member that is missing
// or of another kind throws; replay() turns that into an Error.

// One line each.
nlohmann::json header_line();
nlohmann::json started_line(const Outcome& in_progress);
nlohmann::json intent_line(const Intent& intent);
nlohmann::json ended_line(const UpdateEnd& end, std::size_t keep_versions);
nlohmann::json recorded_line(std::uint64_t seq);
/// Stands for all lines before it.
nlohmann::json to_line(const LedgerState& state);
/// The state at "state" in such a line.
LedgerState state_of(const nlohmann::json& json);

nlohmann::json to_json(const LiveContent& file);
nlohmann::json to_json(const KeptContent& kept);
nlohmann::json to_json(const Intent& intent);
nlohmann::json to_json(const UpdateEnd& end, std::size_t keep_versions);

LiveContent live_of(const nlohmann::json& json);
KeptContent kept_of(const nlohmann::json& json);
Intent intent_of(const nlohmann::json& json);
UpdateEnd end_of(const nlohmann::json& json);

}  // namespace okg::hot_update
