// Percent-escapes and forms: what is decoded is what was encoded.
#include "http/form.hpp"

#include <array>

#include "fuzz.hpp"

namespace okg::http {
namespace {

using fuzz::require;

std::string encoded(std::string_view text, bool plus_for_space) {
  std::string escaped;
  for (const char c : text) {
    if (c == ' ' && plus_for_space) {
      escaped += '+';
      continue;
    }
    std::array<char, 4> escape{};
    std::snprintf(escape.data(), escape.size(), "%%%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    escaped += escape.data();
  }
  return escaped;
}

void check_percent(std::string_view text) {
  const auto back = percent_decode(encoded(text, false));
  require(back && *back == text, "every text comes back from its escapes");
  const auto decoded = percent_decode(text);
  if (!decoded)
    return require(text.find('%') != std::string_view::npos,
                   "only a percent sign can be malformed");
  require(decoded->size() <= text.size(), "decoding never makes a text longer");
  require(text.find('%') != std::string_view::npos || *decoded == text,
          "a text without escapes stays as it is");
}

void check_form(std::string_view text) {
  std::string joined;
  for (const auto& pair : split_form(text)) {
    require(pair.text.starts_with(pair.name) && pair.text.ends_with(pair.value),
            "a pair is its name and its value");
    joined.append(joined.empty() ? "" : "&").append(pair.text);
    const auto value = decode_form_text(pair.value);
    if (!value) continue;
    const auto again = decode_form_text(encoded(*value, true));
    require(again && *again == *value, "values come back from the form that they make");
    const auto percent = decode_form_text(percent_encode(*value));
    require(percent && *percent == *value, "values come back from percent_encode");
  }
  require(split_form(joined).size() == split_form(text).size(), "no pair is lost");
}

}  // namespace
}  // namespace okg::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = okg::fuzz::text_of(data, size);
  okg::http::check_percent(text);
  okg::http::check_form(text);
  return 0;
}
