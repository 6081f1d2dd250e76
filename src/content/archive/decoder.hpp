// A file's bytes, unpacked where they are packed:
// plain, gzip, zstd or xz, told by how they begin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>

#include "base/error.hpp"

namespace okg::content {

enum class Packing { kNone, kGzip, kZstd, kXz };

/// By the first bytes. @source RFC 1952 (gzip), RFC 8878
/// (zstd, and its skippable frames), the .xz file format
[[nodiscard]] Packing packing_of(std::span<const std::byte> head);

/// Not safe for threads.
class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  /// Reads `fd` from its first byte; it outlives the decoder.
  /// Several packed streams in a row are one, as with gzip(1).
  static Result<std::unique_ptr<Decoder>> open(int fd, std::stop_token stop);

  /// The next bytes, which stay until the next call; empty at the
  /// end. Errors: kRefused, what is there is cut short, damaged,
  /// followed by something else, or needs more than kMaxDecoderBytes;
  /// kStopping.
  virtual Result<std::span<const std::byte>> next() = 0;
  /// How much of the file has been read.
  [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
};

}  // namespace okg::content
