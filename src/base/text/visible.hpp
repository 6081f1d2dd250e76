// Text from elsewhere, made safe to show: it stays
// on its line, moves no cursor, reorders nothing.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace okg {

/// The JSON text of a value, in which DEL, C1 controls, bidirectional
/// controls and line separators are escaped like "\u202e" and invalid
/// UTF-8 is U+FFFD. For logs and answers; what is read back (journal,
/// store) is written elsewhere, and never replaced.
/// @source https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
[[nodiscard]] std::string visible_json(const nlohmann::ordered_json& value);

/// The text itself where all of it is harmless, else as a JSON string without its quotes.
[[nodiscard]] std::string visible(std::string_view text);

/// Well-formed UTF-8: no overlong form, no surrogate,
/// nothing above U+10FFFF. @source RFC 3629
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace okg
