#include "source/redirect_sink.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "base/text/bytes.hpp"
#include "http/message.hpp"

namespace okg::source {
namespace {

/// A redirect's body of up to this length is read, which keeps the connection.
constexpr std::size_t kMaxIgnoredBytes = std::size_t{64} << 10U;

/// No others: 300 offers a choice, and 305
/// names a proxy. @source RFC 9110, 15.4
bool is_redirect(int status) {
  constexpr std::array kRedirects{301, 302, 303, 307, 308};
  return std::ranges::find(kRedirects, status) != kRedirects.end();
}

/// Errors: kUpstream, there are several that differ.
Result<std::optional<std::string>> location_of(const http::ResponseHead& head) {
  std::optional<std::string> location;
  if (!is_redirect(head.status)) return location;
  for (const auto& [name, value] : head.headers) {
    if (value.empty() || !equals_ignoring_case(name, "Location")) continue;
    if (location && *location != value)
      return fail(ErrorCode::kUpstream, Reason::kSourceError, "it answered ", head.status,
                  " with two places to go to; it, or a proxy before it, has to say one");
    location = value;
  }
  return location;
}

}  // namespace

Result<void> RedirectSink::begin(const http::ResponseHead& head) {
  if (follows_) {
    auto location = location_of(head);
    if (!location) return location.error();
    location_ = std::move(*location);
  }
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
