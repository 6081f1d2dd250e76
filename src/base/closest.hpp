// "did you mean …": the known word nearest to a mistyped one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace okg {

/// The candidate with the fewest edits (insert, delete, replace, swap of neighbours; case ignored),
/// or an empty view when none is near: at most a third of the word's length, and at least two,
/// edits away.
[[nodiscard]] std::string_view closest(std::string_view word,
                                       std::span<const std::string_view> candidates);

/// "; did you mean WORD?", or nothing when no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> candidates);

}  // namespace okg
