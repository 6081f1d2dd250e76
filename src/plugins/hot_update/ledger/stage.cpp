#include "plugins/hot_update/ledger/stage.hpp"

#include <array>

namespace okg::hot_update {
namespace {

constexpr std::array<std::string_view, 7> kWords{"request", "fetch",   "verify", "publish",
                                                 "trigger", "confirm", "record"};

}  // namespace

std::string_view to_string(Stage stage) { return kWords.at(static_cast<std::size_t>(stage)); }

std::optional<Stage> parse_stage(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if (kWords[i] == word) return static_cast<Stage>(i);
  return std::nullopt;
}

}  // namespace okg::hot_update
