// The errors of archives that are refused.
#pragma once

#include <string>
#include <utility>

#include "base/error.hpp"

namespace okg::content {

/// An archive that is not what it should be, or would do harm.
[[nodiscard]] inline Error unsafe(std::string message) {
  return fail(ErrorCode::kRefused, Reason::kUnsafeArchive, std::move(message));
}

}  // namespace okg::content
