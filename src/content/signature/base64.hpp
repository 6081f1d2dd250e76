// Base64 of a known length, strictly: what minisign's lines are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace okg::content::signature {

/// Fills `bytes` with what `text` encodes. False when that is another number of bytes, or `text` is
/// no base64 with its padding.
[[nodiscard]] bool decode_base64(std::string_view text, std::span<std::uint8_t> bytes);
[[nodiscard]] std::string encode_base64(std::span<const std::uint8_t> bytes);

}  // namespace okg::content::signature
