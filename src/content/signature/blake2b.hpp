// BLAKE2b-512, computed while bytes stream by: what minisign signs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest/digest.hpp"
#include "base/error.hpp"

namespace okg::content::signature {

using Blake2b = std::array<std::uint8_t, 64>;

/// 128 lower-case hexadecimal digits, and back.
[[nodiscard]] std::string hex_of(const Blake2b& digest);
[[nodiscard]] std::optional<Blake2b> parse_blake2b(std::string_view hex);

class Blake2bStream : public DigestStream {
 public:
  Blake2bStream() : DigestStream(DigestAlgorithm::kBlake2b512) {}
  /// The digest of all bytes so far; the stream is then at its beginning again.
  [[nodiscard]] Blake2b finish();
};

/// Reads an open file from its beginning to its end,
/// in fixed memory; `what` is for messages.
Result<Blake2b> blake2b_of(int fd, std::string_view what);

}  // namespace okg::content::signature
