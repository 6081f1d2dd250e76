// The length of a body, as the head of its answer announces it.
#pragma once

#include <cstdint>
#include <optional>

#include "http/client/request.hpp"

namespace okg::content {

/// Lengths that differ mean that somebody on the
/// way sees another end of the body than we do.
/// @source RFC 9112, 6.3: "5, 5" and two headers that say 5 are one length
struct Length {
  std::optional<std::uint64_t> bytes;
  bool is_clear = true;
};

/// Reads Content-Length.
[[nodiscard]] Length length_of(const http::ResponseHead& head);

/// "bytes 500-999/1000", its end included; `total` is nothing for "bytes 500-999/*".
struct ContentRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::optional<std::uint64_t> total;
};

/// Nothing when there is none, or one that contradicts itself or Content-Length.
[[nodiscard]] std::optional<ContentRange> content_range_of(const http::ResponseHead& head);

}  // namespace okg::content
