// How this program writes JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace okg {

/// Compact, for `json` or `ordered_json`. Text that is not UTF-8 (a server's words, quoted in a
/// message) gets U+FFFD; text that is read back has to be checked before it comes here.
template <class Json>
[[nodiscard]] std::string to_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace okg
