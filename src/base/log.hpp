// Structured logging for every folder: one line an event, as text or JSON, to standard error.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::log {

enum class Level { kDebug, kInfo, kWarn, kError };
enum class Format { kText, kJson };

/// One "key": "value" beside the message.
struct Field {
  std::string_view key;
  std::string value;
};

/// Called once, before any thread starts. Until then: text, info and above.
void configure(Format format, Level level);
[[nodiscard]] Result<Level> parse_level(std::string_view name);

/// Thread-safe.
void write(Level level, std::string_view message, std::initializer_list<Field> fields = {});
inline void debug(std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::kDebug, message, fields);
}
inline void info(std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::kInfo, message, fields);
}
inline void warn(std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::kWarn, message, fields);
}
inline void error(std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::kError, message, fields);
}

}  // namespace okg::log
