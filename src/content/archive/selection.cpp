#include "content/archive/selection.hpp"

#include <algorithm>

namespace okg::content {
namespace {

/// The whole of `text`.
bool matches(std::string_view glob, std::string_view text) {
  if (glob.empty()) return text.empty();
  if (glob.starts_with("**/") && matches(glob.substr(3), text)) return true;
  if (glob.front() == '*') {
    const bool crosses = glob.starts_with("**");
    const auto rest = glob.substr(crosses ? 2 : 1);
    for (std::size_t taken = 0;; ++taken) {
      if (matches(rest, text.substr(taken))) return true;
      if (taken == text.size() || (!crosses && text[taken] == '/')) return false;
    }
  }
  if (text.empty() || (glob.front() == '?' ? text.front() == '/' : glob.front() != text.front()))
    return false;
  return matches(glob.substr(1), text.substr(1));
}

std::string_view stripped(std::string_view path, unsigned components) {
  for (; components > 0; --components) {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return {};
    path.remove_prefix(slash + 1);
  }
  return path;
}

}  // namespace

bool matches_glob(std::string_view glob, std::string_view path) {
  while (glob.ends_with('/')) glob.remove_suffix(1);
  const bool is_name = glob.find('/') == std::string_view::npos;
  for (std::size_t begin = 0, end = 0; end < path.size(); begin = end + 1) {
    end = std::min(path.find('/', begin), path.size());
    if (matches(glob, is_name ? path.substr(begin, end - begin) : path.substr(0, end))) return true;
  }
  return false;
}

std::optional<std::string> selected_name(const Selection& selection, const std::string& path) {
  const auto name = stripped(path, selection.strip_components);
  if (name.empty()) return std::nullopt;
  const auto matches_any = [&](const std::vector<std::string>& globs) {
    return std::any_of(globs.begin(), globs.end(),
                       [&](const std::string& glob) { return matches_glob(glob, name); });
  };
  if (!selection.include.empty() && !matches_any(selection.include)) return std::nullopt;
  if (matches_any(selection.exclude)) return std::nullopt;
  return std::string(name);
}

}  // namespace okg::content
