// How well a name fits a process: the ranks of rank.hpp.
#pragma once

#include <string_view>

#include "process/process_table.hpp"

namespace okg::process {

/// 1 to 6, the lowest that holds; 0: it does not match.
[[nodiscard]] int match(const Process& process, std::string_view name);
/// True when an interpreter runs the script, module or jar of this name.
[[nodiscard]] bool runs_as_script(const Process& process, std::string_view name);
/// The meaning of a rank: "one of its arguments is the name". `rank` is 1 to 6.
[[nodiscard]] std::string_view meaning_of(int rank);

}  // namespace okg::process
