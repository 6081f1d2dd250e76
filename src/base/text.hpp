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

/// ASCII, whatever the locale.
[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] bool is_all_digits(std::string_view text);
[[nodiscard]] constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
[[nodiscard]] constexpr bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// True when `text` consists of ASCII letters, digits and characters of `others`.
[[nodiscard]] bool has_only_alphanumeric_or(std::string_view others, std::string_view text);

/// ASCII letters only, whatever the locale.
[[nodiscard]] constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Without the characters of `blanks` that it begins and ends with.
[[nodiscard]] std::string_view trimmed(std::string_view text, std::string_view blanks);

/// Removes the front of `text`, up to and with the first of `separators`, and returns it
/// without the separator. Where there is none, that is the whole text.
std::string_view take_until(std::string_view& text, std::string_view separators);

/// Adds `more` to a list that is text: "a, b" and "c" with ", " are "a, b, c".
void append_listed(std::string& list, std::string_view separator, std::string_view more);

/// The number that `text` is as a whole: no sign where T has
/// none, no space, nothing behind it. `format` is the base
/// of an integer.
template <class T, class... Format>
[[nodiscard]] std::optional<T> parse_whole(std::string_view text, Format... format) {
  T number{};
  const auto* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, format...);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

/// Removes a number without a sign, like 30, .5 or 1e3, from the front of `text`.
/// Nothing where `text` begins with none, or with one too large for a double.
std::optional<double> take_decimal(std::string_view& text);

/// FNV-1a, 64 bits: the same in every release and on
/// every machine, which std::hash does not promise.
/// @source http://www.isthe.com/chongo/tech/comp/fnv/
[[nodiscard]] std::uint64_t stable_hash(std::string_view text);

}  // namespace okg
