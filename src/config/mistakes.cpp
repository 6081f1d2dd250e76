#include "config/mistakes.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace okg::config {
namespace {

constexpr std::size_t kMaxBytes = 400;

std::string on_one_line(std::string_view text) {
  auto line = shortened(text, kMaxBytes);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return line;
}

}  // namespace

std::string to_string(const Mistake& mistake) {
  auto text = mistake.file + ":" + std::to_string(mistake.line) + ": ";
  if (!mistake.key.empty()) text += mistake.key + ": ";
  return text + mistake.message;
}

void Mistakes::add(int line, std::string_view key, std::string_view message) {
  list_.push_back({file_, line, on_one_line(key), on_one_line(message)});
}

std::vector<Mistake> Mistakes::list() const {
  auto sorted = list_;
  std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) { return a.line < b.line; });
  return sorted;
}

}  // namespace okg::config
