#include "http/message.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace okg::http {

const std::string* find_header(const Headers& headers, std::string_view name) {
  const auto found = std::find_if(headers.rbegin(), headers.rend(), [&](const Header& header) {
    return equals_ignoring_case(header.name, name);
  });
  return found == headers.rend() ? nullptr : &found->value;
}

}  // namespace okg::http
