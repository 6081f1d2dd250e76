// An answer as a handler gives it: a whole body,
// which many answers may share, or a stream.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/reason.hpp"
#include "http/message.hpp"
#include "http/server/body_stream.hpp"

namespace okg::http {

/// Text that never changes. Copies share it, so
/// that a thousand slow clients cost one body.
class SharedText {
 public:
  SharedText() = default;
  SharedText(std::string text)  // NOLINT(google-explicit-constructor): text is what a body is
      : text_(std::make_shared<const std::string>(std::move(text))) {}

  [[nodiscard]] std::string_view view() const { return text_ ? *text_ : std::string_view(); }
  [[nodiscard]] std::size_t size() const { return view().size(); }

 private:
  std::shared_ptr<const std::string> text_;
};

/// Gives equal texts one body. For answers that many clients ask for: status, metrics.
class LastBody {
 public:
  /// `text`, or the body that the last call returned when that is the same text.
  [[nodiscard]] SharedText share(std::string text) {
    if (text != last_.view()) last_ = SharedText(std::move(text));
    return last_;
  }

 private:
  SharedText last_;
};

struct ServerResponse {
  int status = 200;
  std::string content_type = "application/json";
  SharedText body;
  Headers headers;
  /// The body comes from here instead, as it is written.
  std::shared_ptr<BodyStream> stream;
};

/// The shape of every refusal:
/// {"result":"Failed","stage":"request","reason":…,"message":…}.
[[nodiscard]] ServerResponse refusal(int status, std::string_view message, Reason reason);

}  // namespace okg::http
