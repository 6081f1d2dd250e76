#include "content/receiver.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/text/byte_size.hpp"
#include "base/text/secret.hpp"
#include "base/time/timestamp.hpp"
#include "content/url_expiry.hpp"
#include "http/client/url.hpp"

namespace okg::content {
namespace {

/// Why an answer of this status is no content.
Reason reason_of(int status) {
  switch (status) {
    case 401:
    case 403:
    case 407: return Reason::kSourceUnauthorized;
    case 404:
    case 410: return Reason::kSourceNotFound;
    default: return Reason::kSourceError;
  }
}

/// Empty: it is where it was asked for, or an object's name that stands for another URL.
std::string elsewhere(const std::string& asked, const std::string& answered) {
  const auto url = http::Url::parse(asked);
  if (!url || answered.empty() || answered == url->text()) return {};
  return ", redirected to " + redact_url(answered) + ",";
}

}  // namespace

Receiver::Receiver(const Source& source, DownloadPlan& plan, StagedFile& file,
                   const DownloadSettings& settings, std::function<void()> on_bytes)
    : source_(source),
      plan_(plan),
      file_(file),
      settings_(settings),
      on_bytes_(std::move(on_bytes)) {
  secrets_.add_url(source.url);
  if (source.with_blake2b) blake2b_.emplace();
}

Result<void> Receiver::begin(const http::ResponseHead& head) {
  decision_ = plan_.judge(head);
  status_ = head.status;
  secrets_.add_url(head.url);
  elsewhere_ = elsewhere(source_.url, head.url);
  switch (decision_->action) {
    case Action::kTakeWhole: return begin_whole(head);
    case Action::kTakeRest: return begin_rest(head);
    case Action::kKeepLive: return {};
    case Action::kAskAgain:
    case Action::kGiveUp:
      if (head.status < 400) return refusal();
      return {};  // its words follow
  }
  return {};
}

Result<void> Receiver::write(std::span<const std::byte> chunk) {
  if (keeps_live()) return {};
  if (is_refused()) {
    words_.add(chunk);
    return words_.is_full() ? Result<void>(refusal()) : Result<void>();
  }
  if (plan_.bytes() + chunk.size() > settings_.max_bytes.value) return too_large();
  if (!plan_.took(chunk.size()))
    return fail(ErrorCode::kUnavailable, Reason::kSourceIncomplete, redact_url(source_.url),
                ": more came than was announced");
  if (auto ok = file_.write(chunk); !ok) return ok.error().because(Reason::kDiskError);
  hash_.update(chunk);
  checksums_.update(chunk);
  if (blake2b_) blake2b_->update(chunk);
  on_bytes_();
  return {};
}

Result<void> Receiver::outcome(const Result<http::ResponseHead>& sent) {
  if (decision_ && is_refused()) return refusal();  // however its words ended
  if (!sent) return sent.error();
  if (keeps_live()) return {};
  if (auto ok = plan_.check_complete(); !ok) return ok.error().in(redact_url(source_.url));
  sha256_ = hash_.finish();
  return check_checksums();
}

void Receiver::forget_attempt() {
  decision_.reset();
  words_ = {};
  elsewhere_.clear();
}

std::chrono::milliseconds Receiver::retry_after() const {
  return decision_ ? decision_->retry_after : std::chrono::milliseconds(0);
}

std::string Receiver::blake2b() {
  return blake2b_ ? signature::hex_of(blake2b_->finish()) : std::string();
}

bool Receiver::is_refused() const {
  return decision_->action == Action::kAskAgain || decision_->action == Action::kGiveUp;
}

Result<void> Receiver::begin_whole(const http::ResponseHead& head) {
  hash_.restart();
  checksums_.restart(announced_by(head, AnswerHas::kWhole));
  if (blake2b_) blake2b_->restart();
  if (auto ok = file_.restart(); !ok) return ok.error().because(Reason::kDiskError);
  if (auto ok = check_size(); !ok) return ok;
  return file_.reserve(plan_.total(), settings_.min_free_percent);
}

Result<void> Receiver::begin_rest(const http::ResponseHead& head) {
  checksums_.add(announced_by(head, AnswerHas::kPart));
  return check_size();
}

/// A sha256 of the request says more than the source can.
std::vector<AnnouncedChecksum> Receiver::announced_by(const http::ResponseHead& head,
                                                      AnswerHas has) const {
  if (source_.sha256) return {};
  auto announced = checksums_of(head.headers, has);
  for (const auto& [name, value] : announced.unreadable)
    log::write(log::Level::kWarn, "a checksum that the source sent is ignored: it cannot be read",
               {{"id", source_.update_id},
                {"header", name},
                {"value", printable(value, SourceWords::kMaxCharacters)}});
  return std::move(announced.readable);
}

Result<void> Receiver::check_checksums() {
  if (auto ok = checksums_.catch_up(file_.fd(), file_.path()); !ok)
    return ok.error().because(Reason::kDiskError);
  const auto differs = checksums_.difference(sha256_);
  if (!differs) return {};
  const auto code = plan_.drop_damaged() ? ErrorCode::kUnavailable : ErrorCode::kUpstream;
  const auto& [announced, got] = *differs;
  return fail(code, Reason::kSourceChecksumMismatch, redact_url(source_.url), elsewhere_,
              ": what came does not match its header ", announced.header, ": expected ",
              announced.value, ", got ", got,
              "; look at the source and at proxies and caches on the way, or send sha256 with the "
              "update, which is compared instead");
}

Result<void> Receiver::check_size() const {
  if (plan_.total().value_or(0) > settings_.max_bytes.value) return too_large();
  return {};
}

Error Receiver::too_large() const {
  return fail(ErrorCode::kRefused, Reason::kTooLarge, redact_url(source_.url), " is larger than ",
              name_of(settings_.max_bytes, format_byte_size(settings_.max_bytes.value)));
}

Error Receiver::refusal() const {
  const auto again = decision_->action == Action::kAskAgain;
  auto message = redact_url(source_.url) + elsewhere_ + " " + decision_->reason;
  auto reason = reason_of(status_);
  if (const auto expiry = url_expiry(source_.url); expiry && *expiry < now()) {
    if (!again) reason = Reason::kSourceExpired;
    message += "; the URL expired at " + format_timestamp(*expiry) + ", sign it again";
  }
  return {again ? ErrorCode::kUnavailable : ErrorCode::kUpstream, message + words_.quoted(secrets_),
          reason};
}

}  // namespace okg::content
