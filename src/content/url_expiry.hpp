// When a signed URL stops working, as far as the URL says so itself.
#pragma once

#include <optional>
#include <string_view>

#include "base/time/timestamp.hpp"

namespace okg::content {

/// The earliest expiry that `url` names; nothing when there is none. The table
/// in url_expiry.cpp has the forms. Names count without regard to case.
///
/// No expiry: a time before 2001 or after 9999, a duration without the time from which it
/// counts, and the time at which a URL was signed where only the CDN knows for how long.
[[nodiscard]] std::optional<Timestamp> url_expiry(std::string_view url);

}  // namespace okg::content
