// Which process is the game's main process.
#pragma once

#include <string_view>
#include <vector>

#include "process/process_table.hpp"

namespace okg::process {

/// The processes that `name` means, ordered by pid. Of these kinds of match only the strictest that
/// any process has counts: the command line equals the name; the comm or the base name of the first
/// argument equals it; the command line starts with it; the command line contains it. Never `self`
/// or a descendant of it. Of several, those whose parent does not match too: nginx's master, not
/// its workers.
[[nodiscard]] std::vector<Process> find_main_processes(const std::vector<Process>& table,
                                                       std::string_view name, pid_t self);

}  // namespace okg::process
