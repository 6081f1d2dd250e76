// Quotes what a caller wrote, for messages.
#pragma once

#include <string>
#include <string_view>

namespace okg {

/// "'text'", with the secrets of a URL masked. No more than 1 KiB of it.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace okg
