// Whether an outcome was recorded.
#pragma once

#include "base/error.hpp"

namespace okg::hot_update {

/// Whether an outcome is in the store, or why it is not
/// yet (it then stays in the ledger and is tried again).
struct Recorded {
  bool written = false;
  Error why{};  ///< of what is not written
};

}  // namespace okg::hot_update
