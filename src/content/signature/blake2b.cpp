#include "content/signature/blake2b.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "base/io/file.hpp"
#include "base/text/hex.hpp"

namespace okg::content::signature {

std::string hex_of(const Blake2b& digest) { return to_hex(digest); }

std::optional<Blake2b> parse_blake2b(std::string_view hex) {
  Blake2b digest{};
  return from_hex(hex, digest) ? std::optional(digest) : std::nullopt;
}

Blake2b Blake2bStream::finish() {
  Blake2b digest{};
  finish_into(digest);
  return digest;
}

Result<Blake2b> blake2b_of(int fd, std::string_view what) {
  std::vector<std::byte> buffer(128 * 1024);
  Blake2bStream stream;
  for (std::uint64_t at = 0;;) {
    const auto got = read_at(fd, at, buffer, what);
    if (!got) return got.error();
    if (*got == 0) return stream.finish();
    stream.update(std::span(buffer).first(*got));
    at += *got;
  }
}

}  // namespace okg::content::signature
