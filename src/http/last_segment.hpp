// The last segment of a URL's path: "index%20v2.html".
#pragma once

#include <algorithm>
#include <string_view>

namespace okg::http {

/// "https://h/a/b%20c?x=1" -> "b%20c", still encoded, a view into `url`.
/// Empty where the path ends with a slash, or is missing.
[[nodiscard]] inline std::string_view last_segment(std::string_view url) {
  url.remove_prefix(std::min(url.find("://") + 3, url.size()));
  url = url.substr(0, url.find_first_of("?#"));
  const auto slash = url.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : url.substr(slash + 1);
}

}  // namespace okg::http
