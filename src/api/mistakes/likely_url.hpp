// A url as people copy it: with what stood around
// it, or without its scheme; and what to type instead.
#pragma once

#include <string>
#include <string_view>

namespace okg::api {

/// As in_quotes(), also where the scheme was left out.
[[nodiscard]] std::string url_in_quotes(std::string_view url);

// Empty: there is no such flaw. Else as in "url 'URL' FLAW", with the url to type.

/// Quotes, brackets, spaces and line ends. `url` is UTF-8.
[[nodiscard]] std::string flaw_around(std::string_view url);
/// No scheme, or none that is fetched.
[[nodiscard]] std::string flaw_of_scheme(std::string_view url);

}  // namespace okg::api
