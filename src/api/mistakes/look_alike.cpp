#include "api/mistakes/look_alike.hpp"

#include <algorithm>
#include <array>

namespace okg::api {
namespace {

/// @source https://www.unicode.org/charts/PDF/UFF00.pdf, U3000.pdf, U2000.pdf
constexpr std::array<LookAlike, 23> kLookAlikes{{
    {"\uff1a", ":"}, {"\uff0f", "/"}, {"\uff0c", ","},  {"\u3001", ","},  {"\u3002", "."},
    {"\uff0e", "."}, {"\uff1b", ";"}, {"\uff1f", "?"},  {"\uff06", "&"},  {"\uff1d", "="},
    {"\uff05", "%"}, {"\uff0d", "-"}, {"\u2013", "-"},  {"\u2014", "-"},  {"\uff3f", "_"},
    {"\uff5b", "{"}, {"\uff5d", "}"}, {"\u201c", "\""}, {"\u201d", "\""}, {"\uff02", "\""},
    {"\u2018", "'"}, {"\u2019", "'"}, {"\uff07", "'"},
}};

}  // namespace

std::optional<LookAlike> look_alike_at(std::string_view text) {
  // None begins with ASCII, of which most texts are made.
  if (text.empty() || static_cast<unsigned char>(text.front()) < 0x80) return std::nullopt;
  const auto* found = std::ranges::find_if(
      kLookAlikes, [&](const LookAlike& each) { return text.starts_with(each.text); });
  return found == kLookAlikes.end() ? std::nullopt : std::optional(*found);
}

std::optional<LookAlike> first_look_alike(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (const auto found = look_alike_at(text.substr(at))) return found;
  return std::nullopt;
}

std::string in_ascii(std::string_view text) {
  std::string ascii;
  while (!text.empty()) {
    const auto found = look_alike_at(text);
    ascii += found ? found->ascii : text.substr(0, 1);
    text.remove_prefix(found ? found->text.size() : 1);
  }
  return ascii;
}

}  // namespace okg::api
