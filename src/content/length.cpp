#include "content/length.hpp"

#include <limits>
#include <string_view>

#include "base/text.hpp"

namespace okg::content {
namespace {

/// Only one of the two is taken off.
bool is_chunked_twice(std::string_view coding) {
  constexpr std::string_view kChunked = "chunked";
  const auto lower = to_lower(coding);
  return lower.find(kChunked) != lower.rfind(kChunked);
}

}  // namespace

Length length_of(const http::ResponseHead& head) {
  Length length;
  for (const auto& header : head.headers) {
    if (equals_ignoring_case(header.name, "Transfer-Encoding") && is_chunked_twice(header.value))
      length.is_clear = false;
    if (!equals_ignoring_case(header.name, "Content-Length")) continue;
    for (std::string_view rest = header.value;;) {
      const auto comma = rest.find(',');
      const auto bytes = parse_whole<std::uint64_t>(trimmed(rest.substr(0, comma), " "));
      if (!bytes || (length.bytes && *length.bytes != *bytes)) length.is_clear = false;
      length.bytes = bytes;
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return length;
}

std::optional<ContentRange> content_range_of(const http::ResponseHead& head) {
  const auto* header = http::find_header(head.headers, "Content-Range");
  if (header == nullptr) return std::nullopt;
  const std::string_view text = *header;
  const auto dash = text.find('-');
  const auto slash = text.find('/');
  if (text.size() < 6 || !equals_ignoring_case(text.substr(0, 6), "bytes ") ||
      dash == std::string::npos || slash == std::string::npos || slash < dash)
    return std::nullopt;
  const auto part = [&](std::size_t from, std::size_t to) {
    return parse_whole<std::uint64_t>(text.substr(from, to - from));
  };
  const auto begin = part(6, dash);
  const auto last = part(dash + 1, slash);
  const auto total = part(slash + 1, text.size());
  const bool is_open = text.substr(slash + 1) == "*";
  const bool has_end = last && *last < std::numeric_limits<std::uint64_t>::max();
  if (!begin || !has_end || *begin > *last || (!total && !is_open) || (total && *last >= *total))
    return std::nullopt;
  const ContentRange range{*begin, *last + 1, total};
  if (const auto length = length_of(head).bytes; length && *length != range.end - range.begin)
    return std::nullopt;
  return range;
}

}  // namespace okg::content
