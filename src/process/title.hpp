// A title under which a process may be shown: command lines hold passwords.
#pragma once

#include <string>

#include "process/process_table.hpp"

namespace okg::process {

/// Its arguments joined by spaces, or its name where it
/// has none. Secrets of URLs are masked, and values of
/// options whose name says that they are secret:
/// `--db-password=***`, `+rcon_password ***`.
[[nodiscard]] std::string shown_title(const Process& process);

}  // namespace okg::process
