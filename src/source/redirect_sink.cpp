#include "source/redirect_sink.hpp"
#include "base/text/bytes.hpp"

#include "http/message.hpp"

namespace okg::source {
namespace {

/// Of the body of a redirect: reading it keeps the connection. A longer one costs it.
constexpr std::size_t kMaxIgnoredBytes = std::size_t{64} << 10U;

/// Every 3xx with a Location, as libcurl does; not so
/// a 304, which says that nothing is elsewhere.
std::optional<std::string> location_of(const http::ResponseHead& head) {
  if (head.status < 300 || head.status >= 400 || head.status == 304) return std::nullopt;
  const auto* location = http::find_header(head.headers, "Location");
  if (location == nullptr || location->empty()) return std::nullopt;
  return *location;
}

}  // namespace

Result<void> RedirectSink::begin(const http::ResponseHead& head) {
  if (follows_) location_ = location_of(head);
  is_ignored_ = location_ || (secrecy_ != Secrecy::kNone && head.status >= 300);
  return location_ ? Result<void>() : sink_.begin(head);
}

Result<void> RedirectSink::write(std::span<const std::byte> bytes) {
  if (!is_ignored_) return sink_.write(bytes);
  ignored_bytes_ += bytes.size();
  if (ignored_bytes_ > kMaxIgnoredBytes)
    return fail(ErrorCode::kUpstream, Reason::kSourceError, "its body is too long");
  if (location_ || secrecy_ != Secrecy::kSigned) return {};
  const auto code = code_.read(bytes);
  return code ? sink_.write(as_bytes(*code)) : Result<void>();
}

}  // namespace okg::source
