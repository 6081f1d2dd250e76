// A value that operators set, with the name of its key. Low layers do not know
// how the configuration is written: its reader gives them the name.
#pragma once

#include <string>
#include <string_view>

#include "base/text/concat.hpp"

namespace okg {

template <class T>
struct Setting {
  T value{};
  std::string_view key{};  ///< a literal, "download.maxBytes"; empty: nobody sets it
};

/// A bound that was met: "download.maxBytes (8 GiB)" of `shown`
/// "8 GiB"; "8 GiB" where nobody sets it.
template <class T>
[[nodiscard]] std::string name_of(const Setting<T>& bound, std::string_view shown) {
  return bound.key.empty() ? std::string(shown) : concat(bound.key, " (", shown, ")");
}

/// For a message that words the bound itself: " (http.maxConnections)".
[[nodiscard]] inline std::string in_brackets(std::string_view key) {
  return key.empty() ? std::string() : concat(" (", key, ")");
}

}  // namespace okg
