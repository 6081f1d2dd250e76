// Text for people, cut so that it stays text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace okg {

/// At most `most` bytes of it, cut between two UTF-8 characters, and "…" when something is missing.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

}  // namespace okg
