#include "base/text/byte_size.hpp"

#include <array>
#include <limits>
#include <string>

#include "base/text.hpp"
#include "base/text/concat.hpp"

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
  auto rest = text;
  const auto number = take_decimal(rest);
  if (!number)
    return fail(ErrorCode::kInvalid, "'", text,
                "' is not a quantity; write it like 128Mi, 1.5Gi, 100m or 500");
  if (rest.empty()) return *number;
  for (const auto& suffix : kSuffixes)
    if (rest == suffix.text) return *number * suffix.factor;
  return fail(ErrorCode::kInvalid, "'", text, "' is not a quantity: unknown suffix '", rest,
              "'; use Ki, Mi, Gi, k, M, G or m");
}

/// More than any machine has; its millionths fit a number of 64 bits.
constexpr double kMaxCpus = 1e12;

Result<std::uint64_t> whole(std::string_view text, double value) {
  if (value >= static_cast<double>(std::numeric_limits<std::int64_t>::max()))
    return fail(ErrorCode::kInvalid, "'", text, "' is too large");
  const auto below = static_cast<std::uint64_t>(value);
  return static_cast<double>(below) < value ? below + 1 : below;
}

}  // namespace

Result<std::uint64_t> parse_byte_size(std::string_view text) {
  auto value = parse_quantity(text);
  if (!value) return value.error();
  if (text.ends_with('m'))
    return fail(ErrorCode::kInvalid, "'", text,
                "' are thousandths of a byte; write M or Mi for millions of bytes");
  return whole(text, *value);
}

Result<std::uint64_t> parse_cpu_millis(std::string_view text) {
  auto value = parse_quantity(text);
  if (!value) return value.error();
  if (*value >= kMaxCpus) return fail(ErrorCode::kInvalid, "'", text, "' is too large");
  // 0.1 is no exact number: rounded to millionths, it is 100 thousandths and not 101.
  const auto halves = static_cast<std::uint64_t>(*value * 2e6);
  const auto millionths = (halves + 1) / 2;  // std::round would be all that needs libm
  return (millionths + 999) / 1000;
}

std::string format_byte_size(std::uint64_t bytes) {
  static constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  while (unit + 1 < kUnits.size() && bytes >> (10 * (unit + 1)) != 0) ++unit;
  const auto one = std::uint64_t{1} << (10 * unit);
  if (bytes % one == 0) return concat(bytes / one, " ", kUnits[unit]);
  const auto tenths = (bytes % one * 10 + one / 2) / one;
  return concat(bytes / one + tenths / 10, ".", tenths % 10, " ", kUnits[unit]);
}

}  // namespace okg
