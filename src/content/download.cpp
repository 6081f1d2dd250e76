#include "content/download.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "base/backoff.hpp"
#include "base/log.hpp"
#include "base/text/byte_size.hpp"
#include "base/text/secret.hpp"
#include "base/timestamp.hpp"
#include "base/wait.hpp"
#include "content/signature/blake2b.hpp"
#include "content/source_words.hpp"
#include "content/url_expiry.hpp"

namespace okg::content {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kMaxPause{10'000};
/// For the words of an error: they are not worth waiting for.
constexpr milliseconds kErrorBodyTimeout{2'000};

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

/// Puts into staging what the plan wants of each answer.
class Receiver : public http::ResponseSink {
 public:
  Receiver(const Source& source, DownloadPlan& plan, StagedFile& file,
           const DownloadSettings& settings, std::function<void()> on_bytes)
      : source_(source),
        plan_(plan),
        file_(file),
        settings_(settings),
        on_bytes_(std::move(on_bytes)) {
    secrets_.add_url(source.url);
    if (source.with_blake2b) blake2b_.emplace();
  }

  Result<void> begin(const http::ResponseHead& head) override {
    decision_ = plan_.judge(head);
    status_ = head.status;
    secrets_.add_url(head.url);
    switch (decision_->action) {
      case Action::kTakeWhole: return begin_whole();
      case Action::kTakeRest: return check_size();
      case Action::kKeepLive: return {};
      case Action::kAskAgain:
      case Action::kGiveUp:
        if (head.status < 400) return refusal();
        return {};  // its words follow
    }
    return {};
  }

  Result<void> write(std::span<const std::byte> chunk) override {
    if (decision_->action == Action::kKeepLive) return {};
    if (is_refused()) {
      words_.add(chunk);
      return words_.is_full() ? Result<void>(refusal()) : Result<void>();
    }
    if (plan_.bytes() + chunk.size() > settings_.max_bytes) return too_large();
    if (!plan_.took(chunk.size()))
      return fail(ErrorCode::kUnavailable, Reason::kSourceIncomplete, redact_url(source_.url),
                  ": more came than was announced");
    if (auto ok = file_.write(chunk); !ok) return ok.error().because(Reason::kDiskError);
    hash_.update(chunk);
    if (blake2b_) blake2b_->update(chunk);
    on_bytes_();
    return {};
  }

  /// What the attempt came to, when `sent` is how its transfer ended.
  Result<void> outcome(const Result<http::ResponseHead>& sent) {
    if (decision_ && is_refused()) return refusal();  // however its words ended
    if (!sent) return sent.error();
    if (decision_->action == Action::kKeepLive) return {};
    if (auto ok = plan_.check_complete(); !ok) return ok.error().in(redact_url(source_.url));
    return {};
  }

  void forget_attempt() {
    decision_.reset();
    words_ = {};
  }
  [[nodiscard]] bool keeps_live() const { return decision_->action == Action::kKeepLive; }
  [[nodiscard]] milliseconds retry_after() const {
    return decision_ ? decision_->retry_after : milliseconds(0);
  }
  [[nodiscard]] FileDigest digest() { return {hash_.finish(), plan_.bytes()}; }
  [[nodiscard]] std::string blake2b() {
    return blake2b_ ? signature::hex_of(blake2b_->finish()) : std::string();
  }

 private:
  [[nodiscard]] bool is_refused() const {
    return decision_->action == Action::kAskAgain || decision_->action == Action::kGiveUp;
  }

  Result<void> begin_whole() {
    hash_.restart();
    if (blake2b_) blake2b_->restart();
    if (auto ok = file_.restart(); !ok) return ok.error().because(Reason::kDiskError);
    if (auto ok = check_size(); !ok) return ok;
    return file_.reserve(plan_.total().value_or(0), settings_.min_free_percent);
  }

  [[nodiscard]] Result<void> check_size() const {
    if (plan_.total().value_or(0) > settings_.max_bytes) return too_large();
    return {};
  }

  [[nodiscard]] Error too_large() const {
    return fail(ErrorCode::kRefused, Reason::kTooLarge, redact_url(source_.url),
                " is larger than download.maxBytes (", format_byte_size(settings_.max_bytes), ")");
  }

  [[nodiscard]] Error refusal() const {
    const auto again = decision_->action == Action::kAskAgain;
    auto message = redact_url(source_.url) + " " + decision_->reason;
    auto reason = reason_of(status_);
    if (const auto expiry = url_expiry(source_.url); expiry && *expiry < now()) {
      if (!again) reason = Reason::kSourceExpired;
      message += "; the URL expired at " + format_timestamp(*expiry) + ", sign it anew";
    }
    return {again ? ErrorCode::kUnavailable : ErrorCode::kUpstream,
            message + words_.quoted(secrets_), reason};
  }

  const Source& source_;
  DownloadPlan& plan_;
  StagedFile& file_;
  const DownloadSettings& settings_;
  std::function<void()> on_bytes_;
  Sha256Stream hash_;
  std::optional<signature::Blake2bStream> blake2b_;
  std::optional<Decision> decision_;  ///< of the answer of now, once it has begun
  int status_ = 0;                    ///< of that answer
  SourceWords words_;
  KnownSecrets secrets_;  ///< of what was asked for, and of where that led
};

http::ClientRequest request_for(const Source& source, const DownloadSettings& settings) {
  http::ClientRequest request;
  request.url = source.url;
  request.ca_file = settings.ca_file;
  request.ca_setting = "download.caFile";
  request.connect_timeout = settings.connect_timeout;
  request.stall_timeout = settings.stall_timeout;
  request.error_body_timeout = kErrorBodyTimeout;
  request.max_bytes_per_second = settings.max_bytes_per_second;
  return request;
}

/// The attempts of one download, with the pauses between them.
class Attempts {
 public:
  Attempts(const Send& send, const Source& source, StagedFile& file,
           const DownloadSettings& settings, const OnProgress& on_progress)
      : send_(send),
        on_progress_(on_progress),
        url_(redact_url(source.url)),
        settings_(settings),
        plan_(source.live, source.ask_past_caches),
        receiver_(source, plan_, file, settings, [this] { report(); }),
        request_(request_for(source, settings)) {}

  /// Until one of them brought what was asked for, or none may.
  Result<void> run(const std::stop_token& stop) {
    for (;;) {
      auto done = attempt(stop);
      if (done) return {};
      auto error = std::move(done).error();
      const auto pause = std::max(backoff_.next(), receiver_.retry_after());
      if (!may_try_again(error, pause)) return final_error(std::move(error));
      log::warn(
          "the download will be tried again",
          {{"error", error.message}, {"haveBytes", plan_.bytes()}, {"pauseMs", pause.count()}});
      if (!wait_for(stop, pause))
        return fail(ErrorCode::kStopping, url_,
                    ": stopped while the download waited for its next attempt");
    }
  }

  [[nodiscard]] DownloadPlan& plan() { return plan_; }
  [[nodiscard]] Receiver& receiver() { return receiver_; }

 private:
  Result<void> attempt(const std::stop_token& stop) {
    ++made_;
    report();
    receiver_.forget_attempt();
    request_.headers = plan_.headers();
    request_.total_timeout = std::max(
        milliseconds(1), std::chrono::duration_cast<milliseconds>(deadline_ - Clock::now()));
    auto outcome = receiver_.outcome(send_(request_, receiver_, stop));
    if (outcome) return outcome;
    plan_.note_failure();
    if (plan_.grants_an_attempt()) ++allowed_;
    return outcome;
  }

  [[nodiscard]] bool may_try_again(const Error& error, milliseconds pause) const {
    return is_transient(error.code) && made_ < allowed_ && Clock::now() + pause < deadline_;
  }

  [[nodiscard]] Error final_error(Error error) const {
    const auto retry_after = receiver_.retry_after();
    if (is_transient(error.code) && retry_after.count() > 0)
      error.message += "; it asks to be left alone for " +
                       std::to_string(retry_after / std::chrono::seconds(1)) + " s";
    if (made_ > 1)
      error.message +=
          " (attempt " + std::to_string(made_) + " of " + std::to_string(allowed_) + ")";
    return error;
  }

  void report() { on_progress_({plan_.bytes(), plan_.total(), made_}); }

  const Send& send_;
  const OnProgress& on_progress_;
  std::string url_;
  const DownloadSettings& settings_;
  DownloadPlan plan_;
  Receiver receiver_;
  http::ClientRequest request_;
  Clock::time_point deadline_ = Clock::now() + settings_.timeout;
  Backoff backoff_{settings_.first_pause, kMaxPause};
  int made_ = 0;
  int allowed_ = settings_.retries + 1;
};

Warnings warnings_of(const Source& source, const DownloadPlan& plan) {
  Warnings warnings;
  if (plan.has_unmarked_end() && !source.sha256)
    warnings.push_back(
        warn(Reason::kSourceLengthUnknown,
             "the source announced no length, so that a connection that was cut looks "
             "like the end of the content; have it send Content-Length, or send sha256 "
             "with the update"));
  if (!plan.encoding().empty() && !source.sha256)
    warnings.push_back(warn(Reason::kContentEncoded,
                            "the source, or a proxy on the way, sent it with "
                            "Content-Encoding " +
                                printable(plan.encoding(), 40) +
                                ", and it is stored like that; send sha256 with the "
                                "update to have other bytes refused"));
  return warnings;
}

}  // namespace

Result<std::variant<DownloadedFile, NotModified>> download(const Send& send, const Source& source,
                                                           const StagedName& staged,
                                                           const DownloadSettings& settings,
                                                           const std::stop_token& stop,
                                                           const OnProgress& on_progress) {
  auto file = StagedFile::create(staged);
  if (!file) return file.error().because(Reason::kDiskError);
  auto bounded = settings;
  bounded.max_bytes = std::min(settings.max_bytes, source.max_bytes);
  Attempts attempts(send, source, *file, bounded, on_progress);
  if (auto ok = attempts.run(stop); !ok) return ok.error();
  if (attempts.receiver().keeps_live()) return NotModified{};
  if (auto ok = file->finish(); !ok) return ok.error().because(Reason::kDiskError);
  const auto& plan = attempts.plan();
  return DownloadedFile{std::move(*file),
                        attempts.receiver().digest(),
                        {plan.etag(), plan.last_modified()},
                        warnings_of(source, plan),
                        attempts.receiver().blake2b()};
}

}  // namespace okg::content
