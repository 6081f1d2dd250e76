// Structured logging for every folder: one line
// an event, as text or JSON, to standard error.
//
//   {"time":"2026-11-23T08:15:30.123456Z","level":"info","event":"update ended","id":"7",…}
//   2026-11-23T08:15:30.123456Z info update ended id=7 …
//
// A text of a source or a caller stays on
// its line, and moves no cursor.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace okg::log {

enum class Level { kDebug, kInfo, kWarn, kError };
enum class Format { kText, kJson };

/// Every line begins with these, in this order.
inline constexpr std::array<std::string_view, 3> kReservedKeys{"time", "level", "event"};
[[nodiscard]] constexpr bool is_reserved(std::string_view key) {
  return std::ranges::find(kReservedKeys, key) != kReservedKeys.end();
}

/// The name of a field. A call that uses a reserved one does not compile.
class Key {
 public:
  template <std::size_t N>
  consteval Key(const char (&name)[N])  // NOLINT(google-explicit-constructor,*-avoid-c-arrays)
      : name_(name, N - 1) {
    if (is_reserved(name_)) throw "time, level and event are there already";
  }
  [[nodiscard]] constexpr std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

/// Text, a number or a truth value, which JSON keeps apart.
using Value = std::variant<std::string, std::int64_t, bool>;

/// One "key": "value" beside the event. Secrets of URLs in a text are masked.
struct Field {
  Key key;
  Value value;

  template <class T>
  Field(Key name, T&& given) : key(name), value(value_of(std::forward<T>(given))) {}

 private:
  static Value value_of(bool truth) { return truth; }
  static Value value_of(std::integral auto number) { return static_cast<std::int64_t>(number); }
  static Value value_of(std::string text) { return text; }
  static Value value_of(std::string_view text) { return std::string(text); }
  static Value value_of(const char* text) { return std::string(text); }
};

using Fields = std::initializer_list<Field>;

/// Called once, before any thread starts. Until then: text, info and above.
void configure(Format format, Level level);
[[nodiscard]] Result<Level> parse_level(std::string_view name);

/// One line, without its end. `time` as format_timestamp() writes it.
[[nodiscard]] std::string line_of(Format format, std::string_view time, Level level,
                                  std::string_view event, Fields fields = {});

/// Thread-safe. `event` is a fixed text;
/// whatever differs from line to line is a field.
void write(Level level, std::string_view event, Fields fields = {});
inline void debug(std::string_view event, Fields fields = {}) {
  write(Level::kDebug, event, fields);
}
inline void info(std::string_view event, Fields fields = {}) { write(Level::kInfo, event, fields); }
inline void warn(std::string_view event, Fields fields = {}) { write(Level::kWarn, event, fields); }
inline void error(std::string_view event, Fields fields = {}) {
  write(Level::kError, event, fields);
}

}  // namespace okg::log
