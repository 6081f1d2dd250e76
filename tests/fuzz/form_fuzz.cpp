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
  const auto fields = parse_form(text);
  if (!fields) return;
  std::string form;
  for (const auto& [name, value] : *fields)
    form += encoded(name, true) + "=" + encoded(value, true) + "&";
  const auto again = parse_form(form);
  require(again && *again == *fields, "fields come back from the form that they make");
}

}  // namespace
}  // namespace okg::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = okg::fuzz::text_of(data, size);
  okg::http::check_percent(text);
  okg::http::check_form(text);
  return 0;
}
