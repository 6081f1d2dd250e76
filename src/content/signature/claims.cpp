#include "content/signature/claims.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "base/text/hex.hpp"
#include "content/signature/minisign.hpp"

namespace okg::content::signature {
namespace {

std::optional<std::string> decoded(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      text += value[i];
      continue;
    }
    const auto byte = hex_byte(value, i + 1);
    if (!byte) return std::nullopt;
    text += static_cast<char>(*byte);
    i += 2;
  }
  return text;
}

/// A word of the comment that minisign writes by default.
bool is_minisigns_own(std::string_view word) {
  return word.starts_with("timestamp:") || word.starts_with("file:") || word == "hashed";
}

std::string* member_of(Claims& claims, std::string_view key) {
  if (key == "path") return &claims.path;
  if (key == "version") return &claims.version;
  if (key == "workload") return &claims.workload;
  return nullptr;
}

Result<void> take_word(std::string_view word, Claims& claims) {
  const auto equals = word.find('=');
  auto* member =
      equals == std::string_view::npos ? nullptr : member_of(claims, word.substr(0, equals));
  if (member == nullptr)
    return refuse("its trusted comment has the word '" + std::string(word) +
                  "', which is none of path=, version= and workload=");
  auto value = decoded(word.substr(equals + 1));
  if (!value || value->empty() || !member->empty())
    return refuse("its trusted comment has '" + std::string(word.substr(0, equals)) +
                  "' twice, empty, or badly encoded");
  *member = std::move(*value);
  return {};
}

Result<void> check_same(const char* what, const std::string& signed_for,
                        const std::string& wanted) {
  if (signed_for == wanted) return {};
  const auto named = [](const std::string& value) {
    return value.empty() ? std::string("none") : "'" + value + "'";
  };
  return refuse(std::string("it was signed for the ") + what + " " + named(signed_for) +
                ", and this is " + named(wanted));
}

}  // namespace

Result<Claims> parse_claims(std::string_view comment) {
  Claims claims;
  while (!comment.empty()) {
    const auto word = take_until(comment, " \t");
    if (word.empty() || is_minisigns_own(word)) continue;
    if (auto ok = take_word(word, claims); !ok) return ok.error();
  }
  if (claims.path.empty() || claims.version.empty())
    return refuse(
        "its trusted comment does not say what it was signed for; sign with minisign -S -H -t "
        "'path=PATH version=VERSION'");
  return claims;
}

Result<void> check_claims(const Claims& signed_for, const Claims& wanted) {
  if (auto ok = check_same("path", signed_for.path, wanted.path); !ok) return ok;
  if (auto ok = check_same("version", signed_for.version, wanted.version); !ok) return ok;
  return check_same("workload", signed_for.workload, wanted.workload);
}

}  // namespace okg::content::signature
