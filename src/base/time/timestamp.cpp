#include "base/time/timestamp.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace okg {

Timestamp now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string format_timestamp(Timestamp time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t whole = seconds.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&whole, &parts);
  std::array<char, 80> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ",
                    parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                    parts.tm_min, parts.tm_sec, static_cast<long>((time - seconds).count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

Result<Timestamp> parse_timestamp(std::string_view text) {
  const std::string copy(text);
  const auto malformed = [&] {
    return fail(ErrorCode::kInvalid, "'", copy, "' is not a time like 2026-11-23T08:15:30.123456Z");
  };
  std::tm parts{};
  int used = 0;
  // The widths keep every number in range. NOLINTNEXTLINE(cert-err34-c)
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &used) != 6)
    return malformed();
  if (used != 19 || copy.front() == '-' || copy.find_first_not_of("0123456789-T:") < 19)
    return malformed();  // sscanf also takes signs and spaces
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  auto rest = std::string_view(copy).substr(static_cast<std::size_t>(used));
  long micros = 0;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    std::size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits)
      if (digits < 6) micros = micros * 10 + (rest[digits] - '0');
    if (digits == 0 || digits > 9) return malformed();
    for (auto missing = digits; missing < 6; ++missing) micros *= 10;
    rest.remove_prefix(digits);
  }
  if (rest != "Z") return malformed();
  auto normal = parts;
  const auto seconds = std::chrono::seconds(timegm(&normal));
  const bool exists = normal.tm_mon == parts.tm_mon && normal.tm_mday == parts.tm_mday &&
                      normal.tm_hour == parts.tm_hour && normal.tm_min == parts.tm_min &&
                      normal.tm_sec == parts.tm_sec;
  if (!exists) return malformed();  // the 31st of June
  return Timestamp(seconds + std::chrono::microseconds(micros));
}

}  // namespace okg
