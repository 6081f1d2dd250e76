// Keeps redirects from whoever wants content.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "base/error.hpp"
#include "http/client/request.hpp"
#include "source/credentials.hpp"
#include "source/s3_error_code.hpp"

namespace okg::source {

/// Takes a redirect for itself, and hands on every other answer.
class RedirectSink : public http::ResponseSink {
 public:
  /// `sink` outlives it. Not `follows`: a redirect is handed on as well.
  /// Unless `secrecy` is kNone, what an error says is not handed on, since
  /// it may repeat what was secret; of S3's, the code is: "NoSuchKey".
  RedirectSink(http::ResponseSink& sink, bool follows, Secrecy secrecy = Secrecy::kNone)
      : sink_(sink), follows_(follows), secrecy_(secrecy) {}

  Result<void> begin(const http::ResponseHead& head) override;
  Result<void> write(std::span<const std::byte> bytes) override;
  /// Where the answer led, as sent; nothing: it was none that is followed.
  [[nodiscard]] const std::optional<std::string>& location() const { return location_; }

 private:
  http::ResponseSink& sink_;
  bool follows_;
  Secrecy secrecy_;
  bool is_ignored_ = false;  ///< the body
  std::optional<std::string> location_;
  std::size_t ignored_bytes_ = 0;
  S3ErrorCode code_;
};

}  // namespace okg::source
