#include "base/text/concat.hpp"

namespace okg {

std::string joined(std::initializer_list<TextPart> parts) {
  std::string text;
  for (const auto& part : parts) text += part.text();
  return text;
}

}  // namespace okg
