#include "plugins/hot_update/ledger/outcome.hpp"

namespace okg::hot_update {

std::string_view to_string(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kSucceeded: return "Succeeded";
    case OutcomeKind::kUnchanged: return "Unchanged";
    case OutcomeKind::kFailed: return "Failed";
    case OutcomeKind::kRolledBack: return "RolledBack";
  }
  return "Failed";
}

}  // namespace okg::hot_update
