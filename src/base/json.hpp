// How this program reads and writes JSON.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg {

/// Nothing that is read here nests deeper than a few levels.
inline constexpr std::size_t kMaxJsonDepth = 16;

/// Text from outside, or from a disk that others can write. Errors:
/// kInvalid, it is no JSON, or nests deeper than `max_depth`.
[[nodiscard]] Result<nlohmann::json> parse_json(std::string_view text,
                                                std::size_t max_depth = kMaxJsonDepth);
/// The same, with members in the order of the text.
[[nodiscard]] Result<nlohmann::ordered_json> parse_ordered_json(
    std::string_view text, std::size_t max_depth = kMaxJsonDepth);

/// Compact, for `json` or `ordered_json`. Text that is not UTF-8
/// (a server's words, quoted in a message) gets U+FFFD; text
/// that is read back has to be checked before it comes here.
template <class Json>
[[nodiscard]] std::string to_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The JSON array of what `to_json` makes of each element of a range.
template <class Json = nlohmann::ordered_json, class Range, class ToJson>
[[nodiscard]] Json array_of(const Range& range, ToJson to_json) {
  auto array = Json::array();
  for (const auto& each : range) array.push_back(to_json(each));
  return array;
}

}  // namespace okg
