// The name of an update, by which callers follow and cancel it.
#pragma once

#include <string>

#include "base/time/timestamp.hpp"

namespace okg::api {

/// "20261125-154012-9f3ac01b": the second of the request in UTC, and 32 random
/// bits, so that no id comes twice in a pod, whatever its clock and its
/// journal went through. Needs no escaping in a URL, a file name or a label.
[[nodiscard]] std::string make_update_id(Timestamp requested_at);

}  // namespace okg::api
