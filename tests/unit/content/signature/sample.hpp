// A signature of the four bytes "text", and keys.
#pragma once

#include <string>
#include <string_view>

#include "base/text/bytes.hpp"
#include "content/signature/blake2b.hpp"

namespace okg::content::signature {

/// Made with minisign 0.11: minisign -S -H -t 'path=a version=v1'.
inline constexpr std::string_view kSignature =
    "untrusted comment: signature from minisign secret key\n"
    "RUTIkGU/or4IkoVctxvn1HRuMfllp3tTzB2hCLqJk1EpjTix+VqJwKHg1drq6/Q/ysqaZcyoMhlf/"
    "SAH8amTRziV+medfmoeYAU=\n"
    "trusted comment: path=a version=v1\n"
    "1PXAQENvhYqRK7oju+D8rqPVU+6/yWfzfaLkPkYg3dFP3ZGV9E4wN06RzMc8pkt2np+fVlJfIEZIjS6lBIPhAQ==\n";

/// Its key.
inline constexpr std::string_view kKey = "RWTIkGU/or4IkklqrKlHLFPdVsK9pb8IdDROYK8b1Rhm7+hsXhssKBBC";
inline constexpr std::string_view kOtherKey =
    "RWSfvE+fJW88rPjq57EqVszglYchfHPghl23QxKBVa1lI12twh+Vpk4c";

/// In hexadecimal digits.
inline std::string blake2b_of_text(std::string_view text) {
  Blake2bStream stream;
  stream.update(as_bytes(text));
  return hex_of(stream.finish());
}

}  // namespace okg::content::signature
