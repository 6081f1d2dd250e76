// The numbers of docs/limits.md: a limit is tested at the edge
// that the page names, so that page and code cannot differ.
#pragma once

#include <cstdint>
#include <string_view>

namespace okg::limits {

/// The first number of a row's default, in bytes or as it stands:
/// documented("until") -> 512, documented("body") -> 65536; 0 for
/// "unlimited". `row` is the first cell without backticks.
[[nodiscard]] std::uint64_t documented(std::string_view row);

}  // namespace okg::limits
