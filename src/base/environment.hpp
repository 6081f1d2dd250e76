// Variables of the environment.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace okg {

/// The variable's value; nothing when it is not set or empty.
[[nodiscard]] inline std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace okg
