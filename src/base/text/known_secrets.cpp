#include "base/text/known_secrets.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "base/text/base64.hpp"
#include "base/text/hex.hpp"
#include "base/text/secret_parts.hpp"

namespace okg {
namespace {

/// A shorter one is masked only as a word of its own:
/// the words would be unreadable otherwise.
constexpr std::size_t kMinAnywhere = 6;

bool is_visible(char c) { return c > ' ' && c <= '~'; }

/// Decodes escapes; a malformed one stays.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' ? hex_byte(text, i + 1) : std::nullopt;
    decoded += byte ? static_cast<char>(*byte) : text[i];
    if (byte) i += 2;
  }
  return decoded;
}

/// Without its padding, which a source may leave out.
std::string base64_of(std::string_view text) {
  auto encoded = encode_base64(text);
  while (encoded.ends_with('=')) encoded.pop_back();
  return encoded;
}

/// A character of a text as it was before somebody escaped it.
struct Unit {
  char character = 0;
  std::size_t bytes = 1;
};

/// Hexadecimal digits between `begin` and `end` of the text, as one ASCII character.
Unit from_hex(std::string_view text, std::size_t begin, std::size_t digits, std::size_t after) {
  if (text.size() < begin + digits + after) return {text.front(), 1};
  int code = 0;
  for (const char c : text.substr(begin, digits)) {
    if (hex_value(c) < 0) return {text.front(), 1};
    code = code * 16 + hex_value(c);
  }
  return code < 0x80 ? Unit{static_cast<char>(code), begin + digits + after}
                     : Unit{text.front(), 1};
}

/// "&amp;", "&#43;", "&#x2b;".
Unit from_entity(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kNames{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  for (const auto& [name, character] : kNames)
    if (text.starts_with(name)) return {character, name.size()};
  const auto end = text.substr(0, 8).find(';');
  if (!text.starts_with("&#") || end == std::string_view::npos) return {'&', 1};
  if (text.size() > 2 && (text[2] == 'x' || text[2] == 'X')) return from_hex(text, 3, end - 3, 1);
  const auto code = parse_whole<unsigned>(text.substr(2, end - 2));
  return code && *code < 0x80 ? Unit{static_cast<char>(*code), end + 1} : Unit{'&', 1};
}

/// The first character of `text`, decoded where it is an escape.
Unit unescaped(std::string_view text) {
  switch (text.front()) {
    case '%': return from_hex(text, 1, 2, 0);
    case '&': return from_entity(text);
    case '\\':
      if (text.size() < 2) return {'\\', 1};
      return text[1] == 'u' ? from_hex(text, 2, 4, 0) : Unit{text[1], 2};
    default: return {text.front(), 1};
  }
}

/// The bytes that `secret` takes at the
/// front of `text`; 0: it is not there.
std::size_t length_of(std::string_view secret, std::string_view text) {
  std::size_t at = 0;
  for (const char wanted : secret) {
    while (at > 0 && at < text.size() && !is_visible(text[at])) ++at;
    if (at == text.size()) return 0;
    const auto escaped = unescaped(text.substr(at));
    const auto unit = to_lower(escaped.character) == wanted ? escaped : Unit{text[at], 1};
    if (to_lower(unit.character) != wanted) return 0;
    at += unit.bytes;
  }
  return at;
}

bool is_word(std::string_view text, std::size_t begin, std::size_t end) {
  return (begin == 0 || !is_alphanumeric(text[begin - 1])) &&
         (end == text.size() || !is_alphanumeric(text[end]));
}

}  // namespace

void KnownSecrets::add(std::string_view secret) {
  std::string seen;
  std::copy_if(secret.begin(), secret.end(), std::back_inserter(seen), is_visible);
  seen = to_lower(seen);
  if (seen.size() < 2 || std::find(secrets_.begin(), secrets_.end(), seen) != secrets_.end())
    return;
  // The longest first: one may begin with another.
  const auto place = std::find_if(secrets_.begin(), secrets_.end(),
                                  [&](const auto& each) { return each.size() < seen.size(); });
  secrets_.insert(place, seen);
}

void KnownSecrets::add_forms(std::string_view written) {
  std::string spaced(written);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  add(written);
  add(percent_decoded(written));
  add(percent_decoded(spaced));
}

void KnownSecrets::add_userinfo(std::string_view userinfo) {
  const auto colon = std::min(userinfo.find(':'), userinfo.size());
  const auto password = userinfo.substr(std::min(colon + 1, userinfo.size()));
  add_forms(userinfo.substr(0, colon));
  add_forms(password);
  add(base64_of(percent_decoded(userinfo.substr(0, colon)) + ":" + percent_decoded(password)));
}

void KnownSecrets::add_url(std::string_view url) {
  const auto parts = secret_parts_of(url);
  if (!parts.userinfo.empty()) add_userinfo(parts.userinfo);
  for (auto query = parts.query; !query.empty();) {
    const auto end = std::min(query.find('&'), query.size());
    const auto field = query.substr(0, end);
    const auto equals = field.find('=');
    add_forms(equals == std::string_view::npos ? field : field.substr(equals + 1));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  if (!parts.fragment.empty()) add_forms(parts.fragment);
}

std::string KnownSecrets::redact(std::string_view text) const {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 0;
    for (const auto& secret : secrets_) {
      length = length_of(secret, text.substr(at));
      if (length > 0 && (secret.size() >= kMinAnywhere || is_word(text, at, at + length))) break;
      length = 0;
    }
    if (length > 0)
      shown += kMask;
    else
      shown += text[at];
    at += std::max<std::size_t>(length, 1);
  }
  return shown;
}

}  // namespace okg
