// Finds the script of an interpreter among its arguments.
#pragma once

#include <string_view>

#include "process/process_table.hpp"

namespace okg::process {

/// The script, module, jar or class that the process was started with: "/app/server.py" of
/// `python3 -X dev /app/server.py --port 1`. Empty when its program is no interpreter
/// that is known here, or when it was given the program's text (`python3 -c …`).
[[nodiscard]] std::string_view script_of(const Process& process);

}  // namespace okg::process
