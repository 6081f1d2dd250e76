#include "http/message.hpp"

#include <algorithm>
#include <cctype>

namespace okg::http {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

const std::string* find_header(const Headers& headers, std::string_view name) {
  const auto found = std::find_if(headers.rbegin(), headers.rend(), [&](const Header& header) {
    return equals_ignoring_case(header.name, name);
  });
  return found == headers.rend() ? nullptr : &found->value;
}

}  // namespace okg::http
