// Members of the API server's objects, which may be absent or of any type.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace okg::kube {

/// null when there is no such member.
inline const nlohmann::json& member(const nlohmann::json& object, const char* key) {
  static const nlohmann::json kAbsent;
  if (!object.is_object()) return kAbsent;
  const auto found = object.find(key);
  return found == object.end() ? kAbsent : *found;
}

/// Empty when it is no string.
inline std::string text(const nlohmann::json& object, const char* key) {
  const auto& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

}  // namespace okg::kube
