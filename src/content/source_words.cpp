#include "content/source_words.hpp"

#include "base/text.hpp"

#include "base/text/bytes.hpp"

#include <algorithm>
#include <vector>

namespace okg::content {
namespace {

/// A shorter value is no secret: masking it would only make the words unreadable.
constexpr std::size_t kMinSecretCharacters = 8;

/// What may be secret in a URL: its userinfo, and the values of its query.
std::vector<std::string_view> secrets_of(std::string_view url) {
  std::vector<std::string_view> secrets;
  url = url.substr(0, url.find('#'));
  const auto question = std::min(url.find('?'), url.size());
  const auto scheme = url.find("://");
  const auto host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto authority = url.substr(host, std::min(url.find('/', host), question) - host);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    const auto colon = std::min(authority.find(':'), at);
    secrets.push_back(authority.substr(0, colon));
    if (colon < at) secrets.push_back(authority.substr(colon + 1, at - colon - 1));
  }
  for (auto query = url.substr(std::min(question + 1, url.size())); !query.empty();) {
    const auto field = take_until(query, "&");
    const auto equals = field.find('=');
    secrets.push_back(equals == std::string_view::npos ? field : field.substr(equals + 1));
  }
  return secrets;
}

std::string without_secrets(std::string text, std::string_view url) {
  for (const auto secret : secrets_of(url)) {
    if (secret.size() < kMinSecretCharacters) continue;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret))
      text.replace(at, secret.size(), "***");
  }
  return text;
}

}  // namespace

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

std::string SourceWords::quoted(std::string_view url) const {
  const auto words = printable(without_secrets(raw_, url), kMaxCharacters);
  return words.empty() ? "" : ": '" + words + "'";
}

}  // namespace okg::content
