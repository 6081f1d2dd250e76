// Stops the reading of any archive, at each piece
// that is read or unpacked.
#pragma once

#include <stop_token>

#include "base/error.hpp"

namespace okg::content {

/// Errors: kStopping.
[[nodiscard]] inline Result<void> check_not_stopped(const std::stop_token& stop) {
  if (!stop.stop_requested()) return {};
  return fail(ErrorCode::kStopping, Reason::kStopping, "stopped while it unpacked");
}

}  // namespace okg::content
