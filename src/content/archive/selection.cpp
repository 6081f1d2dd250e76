#include "content/archive/selection.hpp"

#include <algorithm>

namespace okg::content {
namespace {

/// Where in the glob the text may have led to. All at once,
/// so that no glob has a text tried in many ways.
using Places = std::vector<char>;

bool is_star(std::string_view glob, std::size_t at) { return at < glob.size() && glob[at] == '*'; }

/// A star may stand for nothing, and "**/" as well.
void pass_stars(std::string_view glob, Places& places) {
  for (std::size_t at = 0; at < glob.size(); ++at) {
    if (places[at] == 0 || glob[at] != '*') continue;
    places[at + (is_star(glob, at + 1) ? 2 : 1)] = 1;
    if (glob.substr(at).starts_with("**/")) places[at + 3] = 1;
  }
}

/// Where a letter leads to from one place; nothing when it does not fit there.
std::optional<std::size_t> after(std::string_view glob, std::size_t at, char letter) {
  if (is_star(glob, at))
    return letter != '/' || is_star(glob, at + 1) ? std::optional(at) : std::nullopt;
  const bool fits = glob[at] == '?' ? letter != '/' : glob[at] == letter;
  return fits ? std::optional(at + 1) : std::nullopt;
}

/// The whole of `text`.
bool matches(std::string_view glob, std::string_view text) {
  Places places(glob.size() + 1);
  Places next(places.size());
  places[0] = 1;
  pass_stars(glob, places);
  for (const char letter : text) {
    std::fill(next.begin(), next.end(), 0);
    bool leads_on = false;
    for (std::size_t at = 0; at < glob.size(); ++at) {
      const auto to = places[at] != 0 ? after(glob, at, letter) : std::nullopt;
      if (!to) continue;
      next[*to] = 1;
      leads_on = true;
    }
    if (!leads_on) return false;
    places.swap(next);
    pass_stars(glob, places);
  }
  return places.back() != 0;
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
    return std::ranges::any_of(globs,
                               [&](const std::string& glob) { return matches_glob(glob, name); });
  };
  if (!selection.include.empty() && !matches_any(selection.include)) return std::nullopt;
  if (matches_any(selection.exclude)) return std::nullopt;
  return std::string(name);
}

}  // namespace okg::content
