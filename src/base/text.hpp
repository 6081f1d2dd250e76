// Small questions about text that every folder asks.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace okg {

/// At most `max_bytes` of it, cut between two UTF-8
/// characters, and "…" when something is missing.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t max_bytes);

/// ASCII letters only, whatever the locale.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

/// The value of a hexadecimal digit of either case; -1 for any other character.
[[nodiscard]] int hex_value(char c);

/// The number that all of `text` is: no sign where T has
/// none, no space, nothing behind it. `format` is the base
/// of an integer or the std::chars_format of a fraction.
template <class T, class... Format>
[[nodiscard]] std::optional<T> parse_whole(std::string_view text, Format... format) {
  T number{};
  const auto* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, format...);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

/// FNV-1a, 64 bits: the same in every release and on
/// every machine, which std::hash does not promise.
/// @source http://www.isthe.com/chongo/tech/comp/fnv/
[[nodiscard]] std::uint64_t stable_hash(std::string_view text);

/// The environment variable's value; nothing when it is not set or empty.
[[nodiscard]] std::optional<std::string> environment(const char* name);

}  // namespace okg
