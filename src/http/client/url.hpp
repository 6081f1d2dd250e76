// URLs as libcurl reads them, so that what is checked is what is fetched.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::http {

/// An http or https URL in the one form that libcurl makes of it:
/// scheme in small letters, numbers of an IPv4 host in decimal,
/// the host's name ASCII, dot segments resolved, no fragment.
class Url {
 public:
  /// Errors: kInvalid.
  static Result<Url> parse(std::string_view text);
  /// Where a Location of an answer of this URL leads; user
  /// and password stay within the origin. Errors: kInvalid.
  [[nodiscard]] Result<Url> resolve(const std::string& location) const;

  /// The whole, with user, password and query: a secret perhaps.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& scheme() const { return scheme_; }
  [[nodiscard]] bool is_secure() const { return scheme_ == "https"; }
  /// In small letters, without the dot behind a name; an IPv6 address in its brackets.
  [[nodiscard]] const std::string& host() const { return host_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// As sent, percent-encoded; "/" at least.
  [[nodiscard]] const std::string& path() const { return path_; }
  /// As sent, without the question mark.
  [[nodiscard]] const std::string& query() const { return query_; }
  [[nodiscard]] bool has_user() const { return !user_.empty() || !password_.empty(); }
  [[nodiscard]] bool is_same_origin(const Url& other) const {
    return scheme_ == other.scheme_ && host_ == other.host_ && port_ == other.port_;
  }

 private:
  std::string text_, scheme_, host_, path_, query_, user_, password_;
  std::uint16_t port_ = 0;
};

}  // namespace okg::http
