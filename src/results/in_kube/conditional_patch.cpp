#include "results/in_kube/conditional_patch.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "base/json.hpp"
#include "results/in_kube/keys.hpp"

namespace okg::results {
namespace {

/// All of these stand inside strings only, so that
/// replacing them leaves the JSON what it was.
std::string spelled_as_go_does(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kEscapes = {
      {{"&", "\\u0026"},
       {"<", "\\u003c"},
       {">", "\\u003e"},
       {"\u2028", "\\u2028"},
       {"\u2029", "\\u2029"}}};
  std::string spelled;
  spelled.reserve(text.size());
  while (!text.empty()) {
    std::string_view piece = text.substr(0, 1);
    std::string_view instead = piece;
    for (const auto& [raw, escape] : kEscapes) {
      if (text.starts_with(raw)) std::tie(piece, instead) = std::pair(raw, escape);
    }
    spelled += instead;
    text.remove_prefix(piece.size());
  }
  return spelled;
}

}  // namespace

std::string conditional_patch(std::string_view key, const std::optional<std::string>& expected,
                              const std::string& next) {
  const std::string pointer = "/data/" + escape_json_pointer(key);
  const nlohmann::json held = expected ? nlohmann::json(*expected) : nlohmann::json(nullptr);
  const nlohmann::json patch = {
      {{"op", "test"}, {"path", pointer}, {"value", held}},
      {{"op", expected ? "replace" : "add"}, {"path", pointer}, {"value", next}}};
  return spelled_as_go_does(to_text(patch));
}

}  // namespace okg::results
