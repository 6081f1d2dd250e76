// "https://*.example.com/game/": the URLs that begin so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "http/client/url.hpp"

namespace okg::source {

/// A scheme, a host and a port, and the folder that paths
/// have to be in. Compared part by part, never as text.
class UrlPrefix {
 public:
  /// Without a port: the one of the scheme. "*." in front of a host:
  /// every name below it, not the name itself. The path ends at a
  /// slash, given or not. Errors: kInvalid.
  static Result<UrlPrefix> parse(std::string_view text);

  /// A path that a server may read as one of another
  /// folder (%2e%2e, %2f, "..;") is in no folder.
  [[nodiscard]] bool holds(const http::Url& url) const;
  [[nodiscard]] bool is_secure() const { return url_.is_secure(); }
  /// As it was written.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  UrlPrefix(std::string text, http::Url url) : text_(std::move(text)), url_(std::move(url)) {}
  [[nodiscard]] bool holds_host(const http::Url& url) const;
  [[nodiscard]] bool holds_path(const http::Url& url) const;

  std::string text_;
  http::Url url_;
  bool is_wildcard_ = false;          ///< the host begins with "*."
  std::vector<std::string> folders_;  ///< of the path, decoded
};

}  // namespace okg::source
