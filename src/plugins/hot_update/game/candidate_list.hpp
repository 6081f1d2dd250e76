// The processes that an update would notify, for an operator to see beforehand.
#pragma once

#include "api/process_list.hpp"
#include "process/rank.hpp"

namespace okg::hot_update {

/// The candidates, best first; when nothing has the name, the nearest
/// titles. `signal` is the one that updates send; 0: they send none.
[[nodiscard]] api::ProcessList list_of(const process::Ranking& ranking, int signal);

}  // namespace okg::hot_update
