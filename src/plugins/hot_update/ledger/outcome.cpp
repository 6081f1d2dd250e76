#include "plugins/hot_update/ledger/outcome.hpp"

#include "base/text/words.hpp"

namespace okg::hot_update {
namespace {

constexpr Word<OutcomeKind> kOutcomeKinds[]{
    {OutcomeKind::kSucceeded, "Succeeded"}, {OutcomeKind::kUnchanged, "Unchanged"},
    {OutcomeKind::kFailed, "Failed"},       {OutcomeKind::kRolledBack, "RolledBack"},
    {OutcomeKind::kCancelled, "Cancelled"},
};

}  // namespace

std::string_view to_string(OutcomeKind kind) { return word_of(kind, kOutcomeKinds); }

std::optional<OutcomeKind> parse_outcome_kind(std::string_view word) {
  return value_of(word, kOutcomeKinds);
}

}  // namespace okg::hot_update
