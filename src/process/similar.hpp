// How much two titles look alike, for "the nearest are …".
#pragma once

#include <string_view>

namespace okg::process {

/// From this on a title is worth being named.
inline constexpr double kSimilar = 0.35;

/// 0 to 1: how many pairs of neighbouring letters the two have
/// in common (Dice's coefficient), case ignored. Of a longer
/// title only as much counts as twice the name's length.
[[nodiscard]] double similarity(std::string_view name, std::string_view title);

}  // namespace okg::process
