#include "base/text/byte_size.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace okg {
namespace {

struct Suffix {
  std::string_view text;
  double factor;
};
constexpr std::array kSuffixes{
    Suffix{"Ki", 1024.0},       Suffix{"Mi", 1048576.0},
    Suffix{"Gi", 1073741824.0}, Suffix{"Ti", 1099511627776.0},
    Suffix{"Pi", 0x1p50},       Suffix{"Ei", 0x1p60},
    Suffix{"m", 1e-3},          Suffix{"k", 1e3},
    Suffix{"M", 1e6},           Suffix{"G", 1e9},
    Suffix{"T", 1e12},          Suffix{"P", 1e15},
    Suffix{"E", 1e18},
};

/// The number in front and the factor of the
/// suffix behind it; nothing else may stand there.
Result<double> parse_quantity(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool starts_well =
      !text.empty() && (text.front() == '.' || (text.front() >= '0' && text.front() <= '9'));
  if (error != std::errc() || !starts_well || !std::isfinite(number))
    return fail(ErrorCode::kInvalid, "'", text,
                "' is not a quantity; write it like 128Mi, 1.5Gi, 100m or 500");
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (rest.empty()) return number;
  for (const auto& suffix : kSuffixes)
    if (rest == suffix.text) return number * suffix.factor;
  return fail(ErrorCode::kInvalid, "'", text, "' is not a quantity: unknown suffix '", rest,
              "'; use Ki, Mi, Gi, k, M, G or m");
}

Result<std::uint64_t> whole(std::string_view text, double value) {
  if (value >= static_cast<double>(std::numeric_limits<std::int64_t>::max()))
    return fail(ErrorCode::kInvalid, "'", text, "' is too large");
  return static_cast<std::uint64_t>(std::ceil(value));
}

}  // namespace

Result<std::uint64_t> parse_byte_size(std::string_view text) {
  auto value = parse_quantity(text);
  if (!value) return value.error();
  return whole(text, *value);
}

Result<std::uint64_t> parse_cpu_millis(std::string_view text) {
  auto value = parse_quantity(text);
  if (!value) return value.error();
  return whole(text, std::round(*value * 1e6) / 1e3);
}

std::string format_byte_size(std::uint64_t bytes) {
  static constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  std::array<char, 32> text{};
  const bool exact = value == std::floor(value);
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, exact ? 0 : 1)
                       .ptr;
  return std::string(text.data(), end) + " " + kUnits[unit];
}

}  // namespace okg
