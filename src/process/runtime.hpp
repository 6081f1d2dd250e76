// Guesses the runtime of a program, and tells
// what that runtime does with signals.
#pragma once

#include <string>
#include <string_view>

#include "process/details.hpp"
#include "process/process_table.hpp"

namespace okg::process {

struct Runtime {
  std::string_view name;  ///< "Go"; empty: unknown
  std::string_view hint;  ///< what an operator should know of its signals; see docs/games.md
};

[[nodiscard]] Runtime runtime_of(const Process& process, const Details& details);

}  // namespace okg::process
