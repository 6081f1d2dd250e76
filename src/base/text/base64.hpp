// Base64 with the alphabet and padding of RFC 4648, section 4.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace okg {

[[nodiscard]] std::string encode_base64(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string encode_base64(std::string_view text);

/// Nothing unless `text` is the one spelling of some bytes: padded, no space, no stray bits.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);
/// Fills `bytes`. False as well when `text` is of another number of them.
[[nodiscard]] bool decode_base64(std::string_view text, std::span<std::uint8_t> bytes);

}  // namespace okg
