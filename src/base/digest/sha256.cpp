#include "base/digest/sha256.hpp"

#include "base/text/hex.hpp"

namespace okg {

Result<Sha256> Sha256::parse(std::string_view hex) {
  Sha256 digest;
  if (from_hex(hex, digest.bytes_)) return digest;
  return fail(ErrorCode::kInvalid, "'", hex, "' is not a SHA-256: write its 64 hexadecimal digits");
}

std::string Sha256::hex() const { return to_hex(bytes_); }

Sha256 Sha256Stream::finish() {
  std::array<std::uint8_t, 32> bytes{};
  finish_into(bytes);
  return Sha256(bytes);
}

Sha256 sha256_of(std::string_view text) {
  Sha256Stream stream;
  stream.update(text);
  return stream.finish();
}

}  // namespace okg
