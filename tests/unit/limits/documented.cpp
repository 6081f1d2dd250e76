#include "limits/documented.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace okg::limits {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream rest(line.substr(1));
  for (std::string cell; std::getline(rest, cell, '|');) {
    std::erase(cell, '`');
    cell.erase(0, cell.find_first_not_of(' '));
    cell.erase(cell.find_last_not_of(' ') + 1);
    cells.push_back(cell);
  }
  return cells;
}

/// "64 KiB each" -> 65536, "8Ki" -> 8192, "55 s" -> 55.
std::uint64_t number_of(const std::string& cell) {
  if (cell == "unlimited") return 0;
  std::size_t end = 0;
  const auto number = std::stoull(cell, &end);
  const auto unit = cell.find_first_not_of(' ', end);
  const auto prefix = unit == std::string::npos ? "" : cell.substr(unit, 2);
  if (prefix == "Ki") return number << 10U;
  if (prefix == "Mi") return number << 20U;
  return prefix == "Gi" ? number << 30U : number;
}

std::map<std::string, std::string, std::less<>> read_page() {
  std::map<std::string, std::string, std::less<>> defaults;
  std::ifstream page(OKG_LIMITS_PAGE);
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| ")) continue;
    const auto cells = cells_of(line);
    EXPECT_GE(cells.size(), 4U) << line;
    if (cells.at(0) == "limit") continue;
    EXPECT_TRUE(defaults.emplace(cells.at(0), cells.at(2)).second) << "two rows: " << cells.at(0);
  }
  return defaults;
}

}  // namespace

std::uint64_t documented(std::string_view row) {
  static const auto defaults = read_page();
  const auto found = defaults.find(row);
  if (found != defaults.end()) return number_of(found->second);
  ADD_FAILURE() << "docs/limits.md has no row '" << row << "'";
  return 0;
}

}  // namespace okg::limits
