// Finds the secret parts of a URL.
#pragma once

#include <string_view>

namespace okg {

/// Stands in the place of a secret.
inline constexpr std::string_view kMask = "***";

/// The secrets of a URL, as written there; views into it. Empty without "://".
struct SecretParts {
  std::string_view userinfo;  ///< "user:password"
  std::string_view query;     ///< its values are: "a=1&b=2"
  std::string_view fragment;
};
[[nodiscard]] SecretParts secret_parts_of(std::string_view url);

}  // namespace okg
