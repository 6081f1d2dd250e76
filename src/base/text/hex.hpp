// Hexadecimal digits: of a byte, of many, and in percent-escapes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace okg {

/// The value of a hexadecimal digit of either case; -1 for any other character.
[[nodiscard]] int hex_value(char c);
/// The byte that the two digits at `at` are; nothing when they are none.
[[nodiscard]] std::optional<std::uint8_t> hex_byte(std::string_view text, std::size_t at);

/// Two lower-case digits a byte.
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);
/// Sixteen lower-case digits: 255 is "00000000000000ff".
[[nodiscard]] std::string to_hex(std::uint64_t number);
/// Fills `bytes`. False when `text` is another number of digits, or something else.
[[nodiscard]] bool from_hex(std::string_view text, std::span<std::uint8_t> bytes);

/// "a b/ü" -> "a%20b/%C3%BC" with "/" as `plain`: letters, digits and the characters
/// of `plain` stay as they are. @source RFC 3986, section 2.1
[[nodiscard]] std::string percent_encoded(std::string_view text, std::string_view plain);

}  // namespace okg
