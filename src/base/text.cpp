#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace okg {
std::string shortened(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (max_bytes > 0 && continues(max_bytes)) --max_bytes;
  return std::string(text.substr(0, max_bytes)) + "…";
}

bool is_all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

bool has_only_alphanumeric_or(std::string_view others, std::string_view text) {
  return std::ranges::all_of(
      text, [&](char c) { return is_alphanumeric(c) || others.find(c) != std::string_view::npos; });
}

std::string to_lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = to_lower(c);
  return lowered;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view trimmed(std::string_view text, std::string_view blanks) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string_view take_until(std::string_view& text, std::string_view separators) {
  const auto taken = text.substr(0, text.find_first_of(separators));
  text.remove_prefix(std::min(taken.size() + 1, text.size()));
  return taken;
}

void append_listed(std::string& list, std::string_view separator, std::string_view more) {
  if (!list.empty()) list += separator;
  list += more;
}

std::optional<double> take_decimal(std::string_view& text) {
  const std::string whole(text);
  const bool is_hex = whole.starts_with("0x") || whole.starts_with("0X");
  const bool begins = !whole.empty() && (whole.front() == '.' || is_digit(whole.front()));
  if (!begins || is_hex) return std::nullopt;
  char* end = nullptr;
  // Not std::from_chars, for which libm would stay in memory. The locale is that of C.
  const double number = std::strtod(whole.c_str(), &end);
  if (end == whole.c_str() || !std::isfinite(number)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - whole.c_str()));
  return number;
}

std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

}  // namespace okg
