// application/x-www-form-urlencoded, as curl -d sends it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace okg::http {

/// "a=1&b=x%20y+z" -> {{"a","1"},{"b","x y z"}}, in order. Errors: kInvalid for a malformed
/// %-escape, naming it.
/// @source https://url.spec.whatwg.org/#urlencoded-parsing
Result<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view body);

/// "%41b" -> "Ab"; a plus stays a plus. Errors: kInvalid.
Result<std::string> percent_decode(std::string_view text);

}  // namespace okg::http
