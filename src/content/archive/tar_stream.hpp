// The tar that a decoder brings, as libarchive asks for it. Every
// byte of it counts, also those that stand for no entry.
#pragma once

#include <archive.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <utility>

#include "base/error.hpp"
#include "content/archive/decoder.hpp"
#include "content/archive/inventory.hpp"

namespace okg::content {

/// Not safe for threads.
class TarStream {
 public:
  /// `inventory` outlives it.
  TarStream(std::unique_ptr<Decoder> decoder, Inventory& inventory, std::stop_token stop)
      : decoder_(std::move(decoder)), inventory_(inventory), stop_(std::move(stop)) {}

  /// archive_read_callback; `self` is a TarStream.
  static la_ssize_t on_read(archive* reader, void* self, const void** to) {
    return static_cast<TarStream*>(self)->next(reader, to);
  }
  /// Why reading failed, when that was it.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] std::uint64_t packed_bytes_read() const { return decoder_->bytes_read(); }
  /// After the last entry; `end_at` is where the mark of the end begins. Errors:
  /// kRefused, it is not there, or anything but zeros follows, or too many; kStopping.
  Result<void> check_end(std::uint64_t end_at);

 private:
  Result<std::span<const std::byte>> take();
  la_ssize_t next(archive* reader, const void** to);

  std::unique_ptr<Decoder> decoder_;
  Inventory& inventory_;
  std::stop_token stop_;
  std::optional<Error> error_;
  std::uint64_t bytes_ = 0;         ///< that came so far
  std::uint64_t last_byte_at_ = 0;  ///< the end of the last one that is not zero
};

}  // namespace okg::content
