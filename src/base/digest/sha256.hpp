// SHA-256: as an identity of content, and computed while bytes stream by.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/digest/digest.hpp"
#include "base/error.hpp"

namespace okg {

class Sha256 {
 public:
  Sha256() = default;
  explicit Sha256(std::array<std::uint8_t, 32> bytes) : bytes_(bytes) {}

  /// 64 hexadecimal digits, either case. Errors: kInvalid.
  [[nodiscard]] static Result<Sha256> parse(std::string_view hex);
  /// 64 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex() const;
  [[nodiscard]] const std::array<std::uint8_t, 32>& bytes() const { return bytes_; }
  // clang-tidy 14 takes the 0 that a rewritten < compares with for a pointer.
  auto operator<=>(const Sha256&) const = default;  // NOLINT(modernize-use-nullptr)

 private:
  std::array<std::uint8_t, 32> bytes_{};
};

class Sha256Stream : public DigestStream {
 public:
  Sha256Stream() : DigestStream(DigestAlgorithm::kSha256) {}
  /// The digest of all bytes so far; the stream is then at its beginning again.
  [[nodiscard]] Sha256 finish();
};

[[nodiscard]] Sha256 sha256_of(std::string_view text);

}  // namespace okg
