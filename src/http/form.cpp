#include "http/form.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cctype>

namespace okg::http {
Result<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return fail(ErrorCode::kInvalid, "'" + std::string(text.substr(i, 3)) +
                                           "' is not a percent-escape; write a plain % as %25");
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (byte < 0x80 && std::isalnum(byte) != 0) ||
                          std::string_view("-._~").find(c) != std::string_view::npos;
    if (is_plain)
      encoded += c;
    else
      encoded.append({'%', kDigits[byte / 16U], kDigits[byte % 16U]});
  }
  return encoded;
}

Result<std::string> decode_form_text(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

std::vector<FormPair> split_form(std::string_view text) {
  std::vector<FormPair> pairs;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    pairs.push_back({pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())), pair});
  }
  return pairs;
}

}  // namespace okg::http
