// Members of JSON objects from outside: a member that is
// missing, or has another type, reads as an empty value.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace okg {

/// The member, or null when there is none. `Json` is `json` or `ordered_json`.
template <class Json>
[[nodiscard]] const Json& member_of(const Json& object, const char* key) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

template <class Json>
[[nodiscard]] std::string text_of(const Json& object, const char* key) {
  const auto& value = member_of(object, key);
  return value.is_string() ? value.template get<std::string>() : std::string();
}

/// The strings of an array, without its elements of other types.
template <class Json>
[[nodiscard]] std::vector<std::string> texts_of(const Json& object, const char* key) {
  std::vector<std::string> texts;
  const auto& value = member_of(object, key);
  if (!value.is_array()) return texts;
  for (const auto& each : value)
    if (each.is_string()) texts.push_back(each.template get<std::string>());
  return texts;
}

template <class Json>
[[nodiscard]] std::uint64_t count_of(const Json& object, const char* key) {
  const auto& value = member_of(object, key);
  const bool is_count = value.is_number_unsigned() ||
                        (value.is_number_integer() && value.template get<std::int64_t>() >= 0);
  return is_count ? value.template get<std::uint64_t>() : 0;
}

template <class Json>
[[nodiscard]] bool flag_of(const Json& object, const char* key) {
  const auto& value = member_of(object, key);
  return value.is_boolean() && value.template get<bool>();
}

}  // namespace okg
