#include "base/text/secret_parts.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace okg {
namespace {

/// "user:pa" of "http://user:pa/ss@host": no port holds such characters.
bool is_cut_password(std::string_view authority) {
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.ends_with(']')) return false;
  return !is_all_digits(authority.substr(colon + 1));
}

/// Where the userinfo ends, at its '@'; npos: there is none.
std::size_t end_of_userinfo(std::string_view rest) {
  const auto authority = rest.substr(0, std::min(rest.find_first_of("/?#\\"), rest.size()));
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) return at;
  // A password that was not percent-encoded may
  // hold one of these, and the host comes after it.
  return is_cut_password(authority) ? rest.rfind('@') : std::string_view::npos;
}

}  // namespace

SecretParts secret_parts_of(std::string_view url) {
  SecretParts parts;
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return parts;
  auto rest = url.substr(scheme_end + 3);
  if (const auto at = end_of_userinfo(rest); at != std::string_view::npos) {
    parts.userinfo = rest.substr(0, at);
    rest.remove_prefix(at);
  }
  const auto hash = std::min(rest.find('#'), rest.size());
  const auto question = std::min(rest.find('?'), hash);
  if (question < hash) parts.query = rest.substr(question + 1, hash - question - 1);
  if (hash < rest.size()) parts.fragment = rest.substr(hash + 1);
  return parts;
}

}  // namespace okg
