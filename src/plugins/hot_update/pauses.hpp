// How long passes between attempts that nobody waits
// for: a restore, a revert, a result for the store.
#pragma once

#include <chrono>

namespace okg::hot_update {

inline constexpr std::chrono::milliseconds kFirstPause{1'000};
/// A cause that was fixed is noticed this much later at most.
inline constexpr std::chrono::milliseconds kMaxPause{30'000};

}  // namespace okg::hot_update
