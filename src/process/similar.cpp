#include "process/similar.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace okg::process {
namespace {

std::vector<std::string> pairs(std::string_view text) {
  const auto lower = to_lower(text);
  std::vector<std::string> all;
  for (std::size_t i = 0; i + 1 < lower.size(); ++i) all.push_back(lower.substr(i, 2));
  std::ranges::sort(all);
  return all;
}

}  // namespace

double similarity(std::string_view name, std::string_view title) {
  const auto a = pairs(name);
  const auto b = pairs(title.substr(0, 2 * name.size()));
  if (a.empty() || b.empty()) return 0;
  std::vector<std::string> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  return 2.0 * static_cast<double>(common.size()) / static_cast<double>(a.size() + b.size());
}

}  // namespace okg::process
