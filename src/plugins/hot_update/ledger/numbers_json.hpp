// Numbers and times in the journal's lines.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/time/timestamp.hpp"

namespace okg::hot_update {

// Anything else throws std::invalid_argument.

/// Never negative, never a fraction.
std::uint64_t count_of(const nlohmann::json& json);
/// Never a fraction.
std::int64_t number_of(const nlohmann::json& json);

/// Microseconds since 1970.
nlohmann::json time_json(Timestamp time);
Timestamp time_of(const nlohmann::json& json);

}  // namespace okg::hot_update
