// Writes completions for shells from the table of commands.
#pragma once

#include <string>

#include "cli/command_table.hpp"

namespace okg::cli {

enum class Shell { kBash, kZsh, kFish };

/// A script for `source`, or for the folder in which the shell looks for it.
[[nodiscard]] std::string completion_script(const std::vector<CommandRow>& table, Shell shell);

}  // namespace okg::cli
