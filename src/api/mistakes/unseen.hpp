// Characters that nobody sees in a name: spaces of every kind at its
// ends, as input methods and copying leave them, and those of no width.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace okg::api {

/// "a no-break space (U+00A0)": the first one in `text`, which is UTF-8; nothing when
/// there is none. What joins letters (U+200C, U+200D) and a space counts at either end only.
[[nodiscard]] std::optional<std::string_view> first_unseen(std::string_view text);

/// The text that was most likely meant.
[[nodiscard]] std::string without_unseen(std::string_view text);

}  // namespace okg::api
