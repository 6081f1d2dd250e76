#include "base/text/hex.hpp"

#include <array>

#include "base/text.hpp"

namespace okg {
namespace {

constexpr signed char digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<signed char>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<signed char>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<signed char>(c - 'A' + 10);
  return -1;
}

/// The value of each character. A table, because no processor
/// can guess which branch a checksum's next digit takes.
constexpr auto kValues = [] {
  std::array<signed char, 256> values{};
  for (std::size_t c = 0; c < values.size(); ++c) values[c] = digit_of(static_cast<char>(c));
  return values;
}();

}  // namespace

int hex_value(char c) { return kValues[static_cast<unsigned char>(c)]; }

std::optional<std::uint8_t> hex_byte(std::string_view text, std::size_t at) {
  const int high = at + 1 < text.size() ? hex_value(text[at]) : -1;
  const int low = at + 1 < text.size() ? hex_value(text[at + 1]) : -1;
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<std::uint8_t>(high * 16 + low);
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(2 * bytes.size(), '0');
  auto* digit = text.data();
  for (const auto byte : bytes) {
    *digit++ = kDigits[byte / 16];
    *digit++ = kDigits[byte % 16];
  }
  return text;
}

std::string to_hex(std::uint64_t number) {
  std::array<std::uint8_t, sizeof number> bytes{};
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, number >>= 8U)
    *byte = static_cast<std::uint8_t>(number);
  return to_hex(std::span<const std::uint8_t>(bytes));
}

bool from_hex(std::string_view text, std::span<std::uint8_t> bytes) {
  if (text.size() != bytes.size() * 2) return false;
  bool is_hex = true;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    is_hex = is_hex && high >= 0 && low >= 0;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return is_hex;
}

std::string percent_encoded(std::string_view text, std::string_view plain) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (is_alphanumeric(c) || plain.find(c) != std::string_view::npos)
      encoded += c;
    else
      encoded.append({'%', kDigits[byte / 16], kDigits[byte % 16]});
  }
  return encoded;
}

}  // namespace okg
