#include "source/s3_error_code.hpp"

#include "base/text/bytes.hpp"

#include <algorithm>
#include <string_view>

namespace okg::source {
namespace {

/// In which the code begins and ends.
constexpr std::size_t kMaxHeadBytes = 4096;
constexpr std::size_t kMaxCodeBytes = 64;
constexpr std::string_view kBegin = "<Code>";
constexpr std::string_view kEnd = "</Code>";

/// A key has digits, a code of AWS, OSS, COS and TOS none.
bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= kMaxCodeBytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
  });
}

}  // namespace

std::optional<std::string> S3ErrorCode::read(std::span<const std::byte> bytes) {
  if (is_done_) return std::nullopt;
  append_up_to(kMaxHeadBytes, head_, bytes);
  const auto end = head_.find(kEnd);
  is_done_ = end != std::string::npos || head_.size() == kMaxHeadBytes;
  const auto begin = head_.find(kBegin);
  if (end == std::string::npos || begin == std::string::npos || begin > end) return std::nullopt;
  auto code = head_.substr(begin + kBegin.size(), end - begin - kBegin.size());
  return is_code(code) ? std::optional(std::move(code)) : std::nullopt;
}

}  // namespace okg::source
