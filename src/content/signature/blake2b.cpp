#include "content/signature/blake2b.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

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
  for (off_t at = 0;;) {
    const auto got = ::pread(fd, buffer.data(), buffer.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("read " + std::string(what), errno);
    if (got == 0) return stream.finish();
    stream.update(std::span(buffer).first(static_cast<std::size_t>(got)));
    at += got;
  }
}

}  // namespace okg::content::signature
