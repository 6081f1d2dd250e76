#include "base/text/secret.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace okg {
namespace {

constexpr std::string_view kMask = "***";
constexpr auto npos = std::string_view::npos;

/// "user:pa" of "http://user:pa/ss@host": no port holds such characters.
bool is_cut_password(std::string_view authority) {
  const auto colon = authority.rfind(':');
  if (colon == npos || authority.ends_with(']')) return false;
  const auto port = authority.substr(colon + 1);
  return !is_all_digits(port);
}

/// Where the userinfo ends, at its '@'; npos: there is none.
std::size_t end_of_userinfo(std::string_view rest) {
  const auto authority = rest.substr(0, std::min(rest.find_first_of("/?#\\"), rest.size()));
  const auto at = authority.rfind('@');
  if (at != npos) return at;
  // A password that was not percent-encoded may
  // hold one of these, and the host comes after it.
  return is_cut_password(authority) ? rest.rfind('@') : npos;
}

std::string masked_query(std::string_view query) {
  std::string masked;
  for (bool more = true; more;) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    const auto equals = pair.find('=');
    if (equals == npos)
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
  return !is_letter(next) && !is_digit(next) && std::string_view("%&=._~-/+'").find(next) == npos;
}

std::size_t end_of_url(std::string_view text, std::size_t begin) {
  auto end = begin;
  for (; end < text.size(); ++end) {
    const auto c = static_cast<unsigned char>(text[end]);
    if (c <= 0x20 || c == 0x7f || std::string_view("\"<>`").find(text[end]) != npos) break;
    if (closes_quote(text, end)) break;
  }
  // Punctuation of the sentence around it.
  while (end > begin && std::string_view(".,;:)]}!").find(text[end - 1]) != npos) --end;
  return end;
}

}  // namespace

std::string redact_url(std::string_view url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == npos) return std::string(url);
  std::string shown(url.substr(0, scheme_end + 3));
  auto rest = url.substr(scheme_end + 3);
  if (const auto at = end_of_userinfo(rest); at != npos) {
    shown.append(kMask);
    rest.remove_prefix(at);
  }
  const auto hash = std::min(rest.find('#'), rest.size());
  const auto question = std::min(rest.find('?'), hash);
  shown.append(rest.substr(0, question));
  if (question < hash)
    shown.append("?").append(masked_query(rest.substr(question + 1, hash - question - 1)));
  if (hash < rest.size()) shown.append("#").append(hash + 1 < rest.size() ? kMask : "");
  return shown;
}

std::string redact(std::string_view text) {
  std::string shown;
  for (;;) {
    const auto colon = text.find("://");
    if (colon == npos) return shown.append(text);
    const auto begin = begin_of_scheme(text, colon);
    const auto end = std::max(end_of_url(text, colon + 3), colon + 3);
    shown.append(text.substr(0, begin)).append(redact_url(text.substr(begin, end - begin)));
    text.remove_prefix(end);
  }
}

}  // namespace okg
