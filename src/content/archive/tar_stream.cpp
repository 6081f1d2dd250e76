#include "content/archive/tar_stream.hpp"

#include <algorithm>
#include <cerrno>

#include "content/archive/stopping.hpp"
#include "content/archive/unsafe.hpp"

namespace okg::content {
namespace {

constexpr std::uint64_t kTarBlockBytes = 512;

}  // namespace

Result<void> TarStream::check_end(std::uint64_t end_at) {
  for (;;) {
    auto more = take();
    if (!more) return more.error();
    if (more->empty()) break;
  }
  if (bytes_ < end_at + kTarBlockBytes)
    return unsafe("the archive is cut short: the mark of its end is missing");
  if (last_byte_at_ > end_at)
    return unsafe("the archive is followed by something else (trailing garbage)");
  return {};
}

Result<std::span<const std::byte>> TarStream::take() {
  if (auto ok = check_not_stopped(stop_); !ok) return ok.error();
  auto more = decoder_->next();
  if (!more) return more;
  if (auto ok = inventory_.count_decoded(more->size()); !ok) return ok.error();
  const auto last = std::find_if(more->rbegin(), more->rend(),
                                 [](std::byte byte) { return byte != std::byte{0}; });
  if (last != more->rend())
    last_byte_at_ = bytes_ + static_cast<std::uint64_t>(more->rend() - last);
  bytes_ += more->size();
  return more;
}

la_ssize_t TarStream::next(archive* reader, const void** to) {
  auto more = take();
  if (!more) {
    error_ = more.error();
    ::archive_set_error(reader, EIO, "%s", error_->message.c_str());
    return ARCHIVE_FATAL;
  }
  *to = more->data();
  return static_cast<la_ssize_t>(more->size());
}

}  // namespace okg::content
