#include "plugins/hot_update/update/run/cancelled.hpp"

#include "plugins/hot_update/update/run/update_run.hpp"

namespace okg::hot_update {

Error cancelled() {
  return fail(ErrorCode::kStopping, Reason::kCancelled,
              "it was cancelled before its content went live; what was live before it is live");
}

Outcome cancelled_outcome(const api::UpdateRequest& request, Timestamp at) {
  auto outcome = outcome_of(request, 0);
  const auto error = cancelled();
  outcome.kind = OutcomeKind::kCancelled;
  outcome.error = error.code;
  outcome.reason = error.reason;
  outcome.message = error.message;
  outcome.finished_at = at;
  return outcome;
}

}  // namespace okg::hot_update
