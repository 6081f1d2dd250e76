#include "plugins/hot_update/ledger/outcome.hpp"

#include <array>

namespace okg::hot_update {
namespace {

constexpr std::array<std::string_view, 5> kWords{"Succeeded", "Unchanged", "Failed", "RolledBack",
                                                 "Cancelled"};

}  // namespace

std::string_view to_string(OutcomeKind kind) { return kWords.at(static_cast<std::size_t>(kind)); }

std::optional<OutcomeKind> parse_outcome_kind(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if (kWords[i] == word) return static_cast<OutcomeKind>(i);
  return std::nullopt;
}

}  // namespace okg::hot_update
