// Text as bytes, and bytes as text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace okg {

[[nodiscard]] inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Appends as many of `bytes` as leave `text` no longer
/// than `max_bytes`, and drops the rest.
inline void append_up_to(std::size_t max_bytes, std::string& text,
                         std::span<const std::byte> bytes) {
  text.append(as_text(bytes), 0, max_bytes - std::min(max_bytes, text.size()));
}

}  // namespace okg
