#include "client/columns.hpp"

#include <algorithm>

#include "base/text/visible.hpp"

namespace okg::client {

std::size_t width_of(const std::string& text) {
  std::size_t width = 0;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if ((byte & 0xC0U) == 0x80) continue;  // not the first of a character
    width += byte >= 0xE3 && byte <= 0xED ? 2 : 1;
  }
  return width;
}

void Columns::add(std::vector<std::string> row) {
  for (auto& each : row) each = visible(each);
  rows_.push_back(std::move(row));
}

std::string Columns::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      text +=
          row[i] + (i + 1 < row.size() ? std::string(widths[i] - width_of(row[i]) + 2, ' ') : "\n");
  }
  return text;
}

}  // namespace okg::client
