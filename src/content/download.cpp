#include "content/download.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "base/text/secret.hpp"
#include "base/time/backoff.hpp"
#include "base/time/wait.hpp"
#include "content/receiver.hpp"

namespace okg::content {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// For the words of an error: they are not worth waiting for.
constexpr milliseconds kErrorBodyTimeout{2'000};

http::ClientRequest request_for(const Source& source, const DownloadSettings& settings) {
  http::ClientRequest request;
  request.url = source.url;
  request.ca_file = settings.ca_file.value;
  request.ca_setting = settings.ca_file.key;
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
        source_(source),
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
      const auto pause = plan_.has_whole_part()
                             ? milliseconds(0)
                             : std::max(backoff_.next(), receiver_.retry_after());
      if (!may_try_again(error, pause)) return final_error(std::move(error));
      log::write(plan_.has_whole_part() ? log::Level::kDebug : log::Level::kWarn,
                 "the download will be tried again",
                 {{"id", source_.update_id},
                  {"error", error.message},
                  {"haveBytes", plan_.bytes()},
                  {"pauseMs", pause.count()}});
      if (!wait_for(stop, pause))
        return fail(ErrorCode::kStopping, redact_url(source_.url),
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
    plan_.begin_attempt();
    request_.headers = plan_.headers();
    request_.total_timeout = std::max(
        milliseconds(1), std::chrono::duration_cast<milliseconds>(deadline_ - Clock::now()));
    auto outcome = receiver_.outcome(send_(request_, receiver_, stop));
    if (!outcome) note_failure(outcome.error());
    return outcome;
  }

  void note_failure(const Error& error) {
    // That was no answer at all: the next request
    // gets the same, unless it has no Range.
    const bool is_unusable = !is_transient(error.code) && error.reason == Reason::kSourceError;
    if (!is_unusable && !is_transient(error.code)) return;
    plan_.note_failure(is_unusable || made_ == allowed_ ? Ranges::kOne : Ranges::kTwo);
    if (plan_.grants_an_attempt()) ++allowed_;
    if (!has_progress()) return;
    allowed_ = std::max(allowed_, made_ + settings_.retries);
    backoff_.reset();
  }

  /// True when enough new bytes came to renew the retries.
  bool has_progress() {
    const auto least = std::clamp<std::uint64_t>(plan_.total().value_or(0) / 1000, 1, 1U << 20U);
    if (plan_.bytes() < furthest_ + least) return false;
    furthest_ = plan_.bytes();
    return true;
  }

  [[nodiscard]] bool may_try_again(const Error& error, milliseconds pause) const {
    return (is_transient(error.code) || plan_.grants_an_attempt()) && made_ < allowed_ &&
           Clock::now() + pause < deadline_;
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
  const Source& source_;
  const DownloadSettings& settings_;
  DownloadPlan plan_;
  Receiver receiver_;
  http::ClientRequest request_;
  Clock::time_point deadline_ = Clock::now() + settings_.timeout;
  Backoff backoff_{settings_.first_pause, settings_.max_pause};
  int made_ = 0;
  int allowed_ = settings_.retries + 1;
  std::uint64_t furthest_ = 0;  ///< byte that an attempt has come to
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
  if (source.max_bytes && *source.max_bytes < settings.max_bytes.value)
    bounded.max_bytes = {*source.max_bytes};
  Attempts attempts(send, source, *file, bounded, on_progress);
  if (auto ok = attempts.run(stop); !ok) return ok.error();
  if (attempts.receiver().keeps_live()) return NotModified{};
  if (auto ok = file->finish(); !ok) return ok.error().because(Reason::kDiskError);
  const auto& plan = attempts.plan();
  return DownloadedFile{std::move(*file), attempts.receiver().digest(), plan.validators(),
                        warnings_of(source, plan), attempts.receiver().blake2b()};
}

}  // namespace okg::content
