#include "plugins/hot_update/orders/order_progress.hpp"

#include <algorithm>

namespace okg::hot_update {
namespace {

OrderResult order_result_of(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kSucceeded: return OrderResult::kSucceeded;
    case OutcomeKind::kUnchanged: return OrderResult::kUnchanged;
    case OutcomeKind::kCancelled: return OrderResult::kCancelled;
    case OutcomeKind::kFailed: return OrderResult::kFailed;
    case OutcomeKind::kRolledBack: return OrderResult::kRolledBack;
  }
  return OrderResult::kFailed;
}

}  // namespace

bool has_succeeded(OutcomeKind kind) {
  return kind == OutcomeKind::kSucceeded || kind == OutcomeKind::kUnchanged;
}

bool is_open(OrderResult result) {
  return result == OrderResult::kPending || result == OrderResult::kWaiting;
}

bool has_ended_well(OrderResult result) {
  return result == OrderResult::kSucceeded || result == OrderResult::kUnchanged;
}

bool is_due_at_start(OrderResult result) {
  return result != OrderResult::kRolledBack && result != OrderResult::kCancelled &&
         result != OrderResult::kSuperseded;
}

void set_result(SeenOrder& seen, OrderResult result, const Error& error) {
  seen.result = result;
  seen.reason = error.message.empty() ? "" : to_string(shown_reason(error));
  seen.message = error.message;
  seen.at = now();
}

void set_outcome(SeenOrder& seen, const Outcome& ended) {
  const bool succeeded = has_succeeded(ended.kind);
  set_result(seen, order_result_of(ended.kind),
             succeeded ? Error{} : Error{ErrorCode::kInternal, ended.message, ended.reason});
  if (succeeded) seen.time = std::max(seen.time, ended.requested_at);
  seen.sha256 = ended.sha256;
  seen.at = ended.finished_at;
}

void set_overtaken(SeenOrder& seen, const Outcome& by) {
  set_result(seen, order_result_of(by.kind));
  seen.is_overtaken = true;
  seen.by.clear();
  seen.version = by.version;
  seen.sha256 = by.sha256;
  seen.previous.reset();
  seen.at = by.finished_at;
}

}  // namespace okg::hot_update
