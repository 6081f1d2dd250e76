// Writes the messages of commands to standard error.
#pragma once

#include <string>
#include <string_view>

namespace okg {

/// The lines of a text, each made safe to show as visible() does.
[[nodiscard]] std::string visible_lines(std::string_view text);

/// Writes them to standard error, the last one ended as well.
void print_error(std::string_view text);

}  // namespace okg
