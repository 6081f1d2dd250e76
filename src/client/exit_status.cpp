#include "client/exit_status.hpp"

namespace okg::client {

ExitStatus exit_status_of(const Error& error) {
  if (error.code == ErrorCode::kInvalid) return kExitUsage;
  if (error.code == ErrorCode::kStopping) return kExitInterrupted;
  return kExitUnreachable;
}

ExitStatus exit_status_of(const Answer& answer) {
  if (answer.is_from_a_proxy()) return kExitUnreachable;
  switch (answer.status) {
    case 400:
    case 413:
    case 415:
    case 422: return kExitUsage;
    case 429:
    case 503: return kExitTryLater;
    default: return kExitFailed;
  }
}

ExitStatus exit_status_of(api::UpdateResult result) {
  switch (result) {
    case api::UpdateResult::kSucceeded:
    case api::UpdateResult::kUnchanged:
    case api::UpdateResult::kAccepted: return kExitDone;
    case api::UpdateResult::kRolledBack: return kExitRolledBack;
    case api::UpdateResult::kFailed:
    case api::UpdateResult::kCancelled: return kExitFailed;
  }
  return kExitFailed;
}

}  // namespace okg::client
