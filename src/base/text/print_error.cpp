#include "base/text/print_error.hpp"

#include <algorithm>
#include <iostream>

#include "base/text/visible.hpp"

namespace okg {

std::string visible_lines(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines += visible(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

void print_error(std::string_view text) { std::cerr << visible_lines(text) << std::flush; }

}  // namespace okg
