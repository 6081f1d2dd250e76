// Members of JSON objects as clients read them:
// what is missing, or has another type, is empty.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "base/time/timestamp.hpp"

namespace okg::api {

using Json = nlohmann::ordered_json;

/// The member, or null when there is none.
inline const Json& member_of(const Json& object, const char* key) {
  static const Json kNull;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : kNull;
}

inline std::string text_of(const Json& object, const char* key) {
  const auto& value = member_of(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

inline std::uint64_t count_of(const Json& object, const char* key) {
  const auto& value = member_of(object, key);
  const bool is_count =
      value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
  return is_count ? value.get<std::uint64_t>() : 0;
}

inline bool flag_of(const Json& object, const char* key) {
  const auto& value = member_of(object, key);
  return value.is_boolean() && value.get<bool>();
}

inline Timestamp time_of(const Json& object, const char* key) {
  return parse_timestamp(text_of(object, key)).value_or(Timestamp{});
}

}  // namespace okg::api
