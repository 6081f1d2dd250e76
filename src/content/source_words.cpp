#include "content/source_words.hpp"

#include "base/text.hpp"

#include "base/text/bytes.hpp"

#include <algorithm>

namespace okg::content {
// ASCII only: what else there is may turn the
// direction of a terminal, or be no UTF-8 at all.
std::string printable(std::string_view text, std::size_t max_characters) {
  std::string words;
  for (const char c : text) {
    if (c > ' ' && c <= '~')
      words += c;
    else if (!words.empty() && words.back() != ' ')
      words += ' ';
  }
  words.resize(std::min(words.size(), max_characters));
  while (!words.empty() && words.back() == ' ') words.pop_back();
  return words;
}

void SourceWords::add(std::span<const std::byte> bytes) { append_up_to(kMaxBytes, raw_, bytes); }

std::string SourceWords::quoted(const KnownSecrets& secrets) const {
  const auto words = printable(secrets.redact(raw_), kMaxCharacters);
  return words.empty() ? "" : ": '" + words + "'";
}

}  // namespace okg::content
