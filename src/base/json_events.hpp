// Reads JSON value by value, without building it in memory.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

namespace okg {

/// Byte, from 1, of a NUL in the text; 0: there is none. No JSON has one.
/// To nlohmann::json it is the end of the text, whatever stands behind it.
/// @source nlohmann/detail/input/lexer.hpp: "the null byte is needed when parsing from string
/// literals"
[[nodiscard]] inline std::size_t nul_of_json(std::string_view text) { return text.find('\0') + 1; }

/// Tells `events`, a nlohmann::json_sax, of each value of the whole text.
/// False: it wanted no more, or has heard of a parse_error().
template <class Json, class Events>
[[nodiscard]] bool read_json_events(std::string_view text, Events& events) {
  const auto nul = nul_of_json(text);
  if (nul == 0) return Json::sax_parse(text, &events);
  return events.parse_error(nul, "", Json::parse_error::create(101, nul, "a NUL", nullptr));
}

}  // namespace okg
