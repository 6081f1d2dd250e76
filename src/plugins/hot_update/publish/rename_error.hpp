// The errors of a folder that does not take a name, with their cures.
#pragma once

#include <string>

#include "base/error.hpp"
#include "plugins/hot_update/publish/place.hpp"

namespace okg::hot_update {

/// Of a rename to `place` that failed just now: errno is still its own.
[[nodiscard]] Error rename_error(const Place& place, const std::string& what);

/// The error of a folder that may not be changed, where `cause` (errno) is EPERM or EACCES.
[[nodiscard]] Error with_cure_of_access(const Error& error, int cause);

}  // namespace okg::hot_update
