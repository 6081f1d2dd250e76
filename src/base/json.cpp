#include "base/json.hpp"

#include <algorithm>

#include "base/json_events.hpp"

namespace okg {
namespace {

/// The deepest nesting of arrays and objects, without building any of them.
/// Brackets in strings do not count; text that is no JSON gives some number.
std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\')
      ++i;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == '[' || c == '{'))
      deepest = std::max(deepest, ++depth);
    else if (!in_string && (c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return deepest;
}

template <class Json>
Result<Json> parse(std::string_view text, std::size_t max_depth) {
  if (depth_of(text) > max_depth)
    return fail(ErrorCode::kInvalid, "the JSON nests deeper than ", max_depth, " levels");
  if (const auto nul = nul_of_json(text); nul != 0)
    return fail(ErrorCode::kInvalid, "this is not JSON: its byte ", nul, " is NUL");
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::kInvalid, "this is not JSON: ", error.what());
  }
}

}  // namespace

Result<nlohmann::json> parse_json(std::string_view text, std::size_t max_depth) {
  return parse<nlohmann::json>(text, max_depth);
}

Result<nlohmann::ordered_json> parse_ordered_json(std::string_view text, std::size_t max_depth) {
  return parse<nlohmann::ordered_json>(text, max_depth);
}

}  // namespace okg
