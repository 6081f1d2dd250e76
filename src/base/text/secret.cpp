#include "base/text/secret.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/text/secret_parts.hpp"

namespace okg {
namespace {

std::string masked_query(std::string_view query) {
  std::string masked;
  for (bool more = true; more;) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos)
      masked += pair.empty() ? std::string_view() : kMask;
    else
      masked.append(pair.substr(0, equals + 1)).append(equals + 1 < pair.size() ? kMask : "");
    more = end < query.size();
    if (more) masked += '&';
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return masked;
}

/// Where the scheme that ends at `colon` begins; `colon` when there is none.
std::size_t begin_of_scheme(std::string_view text, std::size_t colon) {
  auto begin = colon;
  const auto belongs = [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  };
  while (begin > 0 && belongs(text[begin - 1])) --begin;
  while (begin < colon && !is_letter(text[begin])) ++begin;
  return begin;
}

bool closes_quote(std::string_view text, std::size_t at) {
  if (text[at] != '\'') return false;
  if (at + 1 == text.size()) return true;
  const auto next = text[at + 1];
  return !is_letter(next) && !is_digit(next) &&
         std::string_view("%&=._~-/+'").find(next) == std::string_view::npos;
}

std::size_t end_of_url(std::string_view text, std::size_t begin) {
  auto end = begin;
  for (; end < text.size(); ++end) {
    const auto c = static_cast<unsigned char>(text[end]);
    if (c <= 0x20 || c == 0x7f ||
        std::string_view("\"<>`").find(text[end]) != std::string_view::npos)
      break;
    if (closes_quote(text, end)) break;
  }
  // Punctuation of the sentence around it.
  while (end > begin && std::string_view(".,;:)]}!").find(text[end - 1]) != std::string_view::npos)
    --end;
  return end;
}

}  // namespace

std::string redact_url(std::string_view url) {
  const auto parts = secret_parts_of(url);
  std::string shown;
  std::size_t done = 0;
  const auto mask = [&](std::string_view part, std::string_view masked) {
    if (part.empty()) return;
    const auto begin = static_cast<std::size_t>(part.data() - url.data());
    shown.append(url.substr(done, begin - done)).append(masked);
    done = begin + part.size();
  };
  mask(parts.userinfo, kMask);
  mask(parts.query, masked_query(parts.query));
  mask(parts.fragment, kMask);
  return shown.append(url.substr(done));
}

std::string redact(std::string_view text) {
  std::string shown;
  for (;;) {
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return shown.append(text);
    const auto begin = begin_of_scheme(text, colon);
    const auto end = std::max(end_of_url(text, colon + 3), colon + 3);
    shown.append(text.substr(0, begin)).append(redact_url(text.substr(begin, end - begin)));
    text.remove_prefix(end);
  }
}

}  // namespace okg
