// Messages about a command line that cannot be read.
#pragma once

#include <string>

#include "cli/command_table.hpp"

namespace okg::cli {

/// "update: unknown flag --pth; did you mean --path?" and which
/// there are, for a line with words that nothing takes.
[[nodiscard]] std::string words_of_unknown(const CLI::App& app);

}  // namespace okg::cli
