// multipart/form-data, as curl -F and HTML forms send it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace okg::http {

struct FormPart {
  std::string name;
  std::string value;     ///< as sent, nothing is decoded
  bool is_file = false;  ///< it came with a file name: `curl -F name=@file`
};

/// `content_type`: the whole header, whose parameter `boundary`
/// separates the parts. Errors: kInvalid, saying what is missing.
/// @source RFC 7578, and RFC 2046, section 5.1.1
Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace okg::http
