#include "base/text/visible.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace okg {
namespace {

using Json = nlohmann::ordered_json;

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  ///< 0: malformed
};

std::size_t length_from(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/// The first character of a text that is not empty.
Character first_of(std::string_view text) {
  static constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(text.front());
  const auto bytes = length_from(lead);
  if (bytes <= 1) return {lead, bytes};
  if (text.size() < bytes) return {};
  char32_t code = lead & (0x7fU >> bytes);
  for (const char c : text.substr(1, bytes - 1)) {
    if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80) return {};
    code = (code << 6U) | (static_cast<unsigned char>(c) & 0x3fU);
  }
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  if (code < kSmallest.at(bytes) || is_surrogate || code > 0x10ffff) return {};
  return {code, bytes};
}

/// Has no width: two texts with and without it look the same.
bool is_unseen(char32_t code) {
  return code == 0x200b || (code >= 0x2060 && code <= 0x2064) || code == 0xfeff;
}

/// A terminal obeys these instead of showing them, or does not show them.
/// C0 controls are not here: JSON escapes them.
bool is_hostile(char32_t code) {
  return (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e || code == 0x200f ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
         is_unseen(code);
}

/// The bytes that hostile characters begin with in UTF-8.
constexpr std::string_view kHostileLeads = "\x7f\xc2\xd8\xe2\xef";

std::string escape(char32_t code) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(code));
  return text.data();
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto bytes = first_of(text).bytes;
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::string visible_json(const Json& value) {
  const auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string shown;
  // Outside of strings JSON is ASCII, and inside of them an escape is right everywhere.
  std::string_view rest = text;
  for (;;) {
    const auto at = rest.find_first_of(kHostileLeads);
    shown += rest.substr(0, at);
    if (at == std::string_view::npos) return shown;
    rest.remove_prefix(at);
    const auto next = first_of(rest);
    shown += is_hostile(next.code) ? escape(next.code) : std::string(rest.substr(0, next.bytes));
    rest.remove_prefix(next.bytes);
  }
}

std::string visible(std::string_view text) {
  const auto is_ordinary = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (std::ranges::all_of(text, is_ordinary)) return std::string(text);
  const auto quoted = visible_json(Json(text));
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace okg
