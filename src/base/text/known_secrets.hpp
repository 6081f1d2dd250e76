// Masks the secrets of a request in the words of others:
// a source repeats them decoded, encoded or escaped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace okg {

/// Gathers secrets, then masks them in any text.
class KnownSecrets {
 public:
  /// User, password and query values of `url`, and the Basic credentials made of them.
  void add_url(std::string_view url);

  /// `text` with "***" for each secret in it, however it is written there: literally,
  /// in capitals, with escapes of URLs, JSON or XML, or wrapped. A secret of fewer than
  /// 6 characters is masked where it is a word of its own, one of a single character never.
  [[nodiscard]] std::string redact(std::string_view text) const;

 private:
  void add(std::string_view secret);
  void add_forms(std::string_view written);
  void add_userinfo(std::string_view userinfo);

  std::vector<std::string> secrets_;  ///< visible characters only, in small letters
};

}  // namespace okg
