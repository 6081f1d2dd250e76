// Copies the bytes of a file, sharing its blocks where the file system can.
#pragma once

#include <string>

#include "base/error.hpp"

namespace okg::hot_update {

/// From the first byte of `from` to `to`, which is empty. `what` is for messages.
Result<void> copy_bytes(int from, int to, const std::string& what);

}  // namespace okg::hot_update
