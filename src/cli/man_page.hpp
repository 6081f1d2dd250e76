// The man page, written from the table of commands.
#pragma once

#include <string>

#include "cli/command_table.hpp"

namespace okg::cli {

/// man/okg-sidecar.1, roff with the man macros. @source man(7)
[[nodiscard]] std::string man_page(const std::vector<CommandRow>& table);

}  // namespace okg::cli
