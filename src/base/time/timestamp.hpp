// Points in wall-clock time as they are written in results: RFC 3339, UTC, microseconds.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

[[nodiscard]] Timestamp now();
/// The next moment that differs from `time`: of two requests the later one wins.
[[nodiscard]] constexpr Timestamp just_after(Timestamp time) {
  return time + std::chrono::microseconds(1);
}
/// "2026-11-23T08:15:30.123456Z". Strings of this shape order as their times do.
[[nodiscard]] std::string format_timestamp(Timestamp time);
/// Reads what format_timestamp writes, with 0 to 9 digits of fraction. Errors: kInvalid.
[[nodiscard]] Result<Timestamp> parse_timestamp(std::string_view text);

}  // namespace okg
