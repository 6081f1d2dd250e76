// application/x-www-form-urlencoded, as curl -d sends it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace okg::http {

/// One NAME=VALUE of a form, as it was sent.
struct FormPair {
  std::string_view name;
  std::string_view value;
  std::string_view text;  ///< both, with the equals sign where there is one
};

/// "a=1&b" -> {"a", "1"}, {"b", ""}: the pairs in
/// their order, nothing decoded. Views into `text`.
/// @source https://url.spec.whatwg.org/#urlencoded-parsing
[[nodiscard]] std::vector<FormPair> split_form(std::string_view text);

/// A name or a value decoded: "x%20y+z" -> "x y z".
/// Errors: kInvalid for a malformed %-escape, naming it.
Result<std::string> decode_form_text(std::string_view text);

/// "%41b" -> "Ab"; a plus stays a plus. Errors: kInvalid.
Result<std::string> percent_decode(std::string_view text);
/// "a b/ü" -> "a%20b%2F%C3%BC": everything but letters, digits and "-._~".
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace okg::http
