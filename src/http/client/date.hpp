// Dates as HTTP headers have them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace okg::http {

/// Seconds since 1970 of "Tue, 24 Nov 2026 16:11:31 GMT"; nothing when it is no date.
std::optional<std::int64_t> parse_http_date(const std::string& text);

}  // namespace okg::http
