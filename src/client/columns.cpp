#include "client/columns.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "base/text/visible.hpp"

namespace okg::client {
namespace {

struct Character {
  std::size_t bytes;
  std::size_t width;
};

/// The first of a text that has one. A byte that is no UTF-8 counts as one column.
Character first_of(std::string_view text) {
  utf8proc_int32_t code = 0;
  const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (bytes <= 0) return {1, 1};
  return {static_cast<std::size_t>(bytes), static_cast<std::size_t>(utf8proc_charwidth(code))};
}

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto first = first_of(text);
    width += first.width;
    text.remove_prefix(first.bytes);
  }
  return width;
}

std::string_view fit(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const auto next = first_of(text.substr(bytes));
    if (next.width > columns) break;
    columns -= next.width;
    bytes += next.bytes;
  }
  return text.substr(0, bytes);
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
