#include "http/form.hpp"

#include "base/text.hpp"
#include "base/text/hex.hpp"

#include <algorithm>

namespace okg::http {

Result<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const auto byte = hex_byte(text, i + 1);
    if (!byte)
      return fail(ErrorCode::kInvalid, "'", text.substr(i, 3),
                  "' is not a percent-escape; write a plain % as %25");
    decoded += static_cast<char>(*byte);
    i += 2;
  }
  return decoded;
}

std::string percent_encode(std::string_view text) { return percent_encoded(text, "-._~"); }

Result<std::string> decode_form_text(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced);
}

std::vector<FormPair> split_form(std::string_view text) {
  std::vector<FormPair> pairs;
  while (!text.empty()) {
    const auto pair = take_until(text, "&");
    if (pair.empty()) continue;
    auto value = pair;
    const auto name = take_until(value, "=");
    pairs.push_back({name, value, pair});
  }
  return pairs;
}

}  // namespace okg::http
