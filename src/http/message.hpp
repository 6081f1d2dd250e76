// The parts of an HTTP message, for our client and our server alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace okg::http {

struct Header {
  std::string name;  ///< as sent; compare without regard to case
  std::string value;
};
using Headers = std::vector<Header>;

/// The value of the last header of that name, or nullptr.
[[nodiscard]] const std::string* find_header(const Headers& headers, std::string_view name);

}  // namespace okg::http
