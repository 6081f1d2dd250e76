#include "content/download_plan.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "content/length.hpp"
#include "http/client/date.hpp"

namespace okg::content {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kMaxRetryAfter{60};

std::string header_or_empty(const http::ResponseHead& head, std::string_view name) {
  const auto* value = http::find_header(head.headers, name);
  return value == nullptr ? std::string() : *value;
}

/// The header's value, or nothing when it cannot
/// be kept: it is too long, or no plain text.
std::string validator_of(const http::ResponseHead& head, std::string_view name) {
  auto value = header_or_empty(head, name);
  const bool is_plain = std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; });
  return is_plain && value.size() <= kMaxValidatorBytes ? value : std::string();
}

/// Seconds between the last change and the answer; nothing where they are not both said.
std::optional<std::int64_t> age_of(const http::ResponseHead& head) {
  const auto modified = http::parse_http_date(validator_of(head, "Last-Modified"));
  const auto sent = http::parse_http_date(header_or_empty(head, "Date"));
  if (!modified || !sent) return std::nullopt;
  return *sent - *modified;
}

/// A date marks a content only when it was older than a
/// second as it was sent: it might have changed within one.
/// @source RFC 9110, 8.8.2.2
std::string strong_date_of(const http::ResponseHead& head) {
  return age_of(head).value_or(0) > 1 ? validator_of(head, "Last-Modified") : std::string();
}

/// Also by a clock that is ahead of the one that dates the answer.
bool is_young(const http::ResponseHead& head) {
  const auto age = age_of(head);
  return age && *age <= 1;
}

/// Empty as well for what says nothing of the bytes: stores keep these
/// as uploads had them. aws-chunked was a coding of the upload alone.
/// @source RFC 9110, 8.4.1; https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
std::string encoding_of(const http::ResponseHead& head) {
  static constexpr std::array<std::string_view, 6> kPlain{"identity", "none",        "binary",
                                                          "utf-8",    "aws-chunked", "utf8"};
  auto encoding = to_lower(header_or_empty(head, "Content-Encoding"));
  return std::ranges::find(kPlain, encoding) == kPlain.end() ? encoding : std::string();
}

bool is_marked_as_weak(std::string_view etag) {
  return etag.starts_with("W/") || etag.starts_with("w/");
}

/// Seconds or a date; at most kMaxRetryAfter.
milliseconds retry_after_of(const http::ResponseHead& head) {
  const auto text = header_or_empty(head, "Retry-After");
  std::int64_t seconds = 0;
  if (const auto number = parse_whole<std::uint64_t>(text))
    seconds = static_cast<std::int64_t>(std::min<std::uint64_t>(*number, kMaxRetryAfter.count()));
  else if (const auto date = http::parse_http_date(text))
    seconds = *date - std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kMaxRetryAfter.count()));
}

/// True when the same request may get another status the next time.
bool is_transient_status(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

std::string status_hint(int status) {
  if (status == 401 || status == 403)
    return "; the source wants credentials, or a signed URL that has not expired";
  if (status == 407)
    return "; a proxy on the way wants a user and password: write them into the proxy's URL";
  if (status == 404 || status == 410) return "; check the URL, nothing is there";
  if (status == 203) return "; a proxy on the way has changed the content";
  if (status == 204 || status == 205) return "; that is an answer without content";
  if (status == 202) return "; it is not ready there yet, send the update again later";
  if (status == 300) return "; there are several of it, give the URL of one";
  if (status == 305 || status == 306)
    return "; it wants to be asked through a proxy, set http_proxy or https_proxy";
  if (status >= 300 && status < 400) return "; the redirect leads nowhere that may be followed";
  if (status == 421) return "; that server is none for this host, check the URL's host";
  if (status == 451) return "; it may not be sent to where the sidecar is";
  if (status == 511) return "; the network wants somebody to log in first";
  return "";
}

std::string without_query(std::string_view url) {
  return std::string(url.substr(0, url.find('?')));
}

/// True when two values contradict each other: both are there, and they differ.
bool differ(const std::string& a, const std::string& b) {
  return !a.empty() && !b.empty() && a != b;
}

Decision ask_again(const http::ResponseHead& head, std::string_view but) {
  return {Action::kAskAgain, "answered " + std::to_string(head.status) + std::string(but),
          retry_after_of(head)};
}

Decision refuse(const http::ResponseHead& head) {
  auto decision = ask_again(head, status_hint(head.status));
  if (!is_transient_status(head.status)) decision.action = Action::kGiveUp;
  return decision;
}

}  // namespace

DownloadPlan::DownloadPlan(Validators live, bool ask_past_caches)
    : live_(std::move(live)), asks_past_caches_(ask_past_caches) {}

bool DownloadPlan::Version::has_strong_etag() const {
  return !etag.empty() && etag != R"("")" && !is_young && !is_marked_as_weak(etag);
}

DownloadPlan::Version DownloadPlan::version_of(const http::ResponseHead& head) {
  return {validator_of(head, "ETag"), validator_of(head, "Last-Modified"),
          strong_date_of(head),       is_young(head),
          encoding_of(head),          without_query(head.url),
          length_of(head).bytes};
}

Validators DownloadPlan::validators() const {
  if (version_.is_young) return {};
  return {version_.etag == R"("")" ? "" : version_.etag, version_.last_modified};
}

DownloadPlan::Asking DownloadPlan::asking() const {
  const bool has_some = bytes_ > 0 && (!version_.total || bytes_ < *version_.total);
  if (has_some && !leaves_range_out_ &&
      (version_.has_strong_etag() || !version_.strong_date.empty()))
    return Asking::kRest;
  return live_.empty() ? Asking::kWhole : Asking::kOnCondition;
}

void DownloadPlan::begin_attempt() {
  leaves_range_out_ = fruitless_ranges_ > 0 && grants_an_attempt_;
  grants_an_attempt_ = false;
  is_resuming_ = false;
  bytes_before_ = bytes_;
  end_.reset();
}

void DownloadPlan::note_failure(Ranges fruitless) {
  asks_past_caches_ = true;
  if (leaves_range_out_ || grants_an_attempt_ || bytes_ != bytes_before_) fruitless_ranges_ = 0;
  if (asking() != Asking::kRest || bytes_ != bytes_before_ || grants_an_attempt_) return;
  ++fruitless_ranges_;
  grants_an_attempt_ = fruitless == Ranges::kOne || fruitless_ranges_ > 1;
}

bool DownloadPlan::has_whole_part() const {
  return is_resuming_ && end_ == bytes_ && bytes_ > bytes_before_ &&
         version_.total.value_or(0) > bytes_;
}

http::Headers DownloadPlan::headers() const {
  http::Headers headers;
  switch (asking()) {
    case Asking::kRest:
      headers.push_back({"Range", "bytes=" + std::to_string(bytes_) + "-"});
      headers.push_back(
          {"If-Range", version_.has_strong_etag() ? version_.etag : version_.strong_date});
      break;
    case Asking::kOnCondition:
      if (!live_.etag.empty())
        headers.push_back({"If-None-Match", live_.etag});
      else
        headers.push_back({"If-Modified-Since", live_.last_modified});
      break;
    case Asking::kWhole: break;
  }
  if (asks_past_caches_) headers.push_back({"Cache-Control", "no-cache"});
  return headers;
}

Decision DownloadPlan::judge(const http::ResponseHead& head) {
  grants_an_attempt_ = false;
  is_resuming_ = false;
  end_.reset();
  auto decision = asking() == Asking::kRest ? judge_rest(head) : judge_whole(head);
  if (decision.action == Action::kTakeWhole || decision.action == Action::kTakeRest)
    live_ = {};  // a condition could only bring back what has just turned out to be old
  return decision;
}

Decision DownloadPlan::judge_whole(const http::ResponseHead& head) {
  if (!length_of(head).is_clear)
    return ask_again(head,
                     " with a Content-Length that is no number, several that differ, or a "
                     "Transfer-Encoding that is chunked twice");
  if (head.status == 200 || head.status == 206) {
    if (!is_whole(head)) return ask_again(head, " with a part, though all was asked for");
    return take_whole(head);
  }
  if (head.status == 304) {
    if (is_what_is_live(head)) return {Action::kKeepLive, "", {}};
    live_ = {};
    return ask_again(head, " to a request that it does not fit");
  }
  return refuse(head);
}

bool DownloadPlan::is_what_is_live(const http::ResponseHead& head) const {
  if (live_.empty()) return false;
  const auto weak = [](std::string_view etag) {
    return std::string(is_marked_as_weak(etag) ? etag.substr(2) : etag);
  };
  return !differ(weak(live_.etag), weak(header_or_empty(head, "ETag")));
}

/// A 200 is, unless it says that it is a part: some servers send parts like that.
bool DownloadPlan::is_whole(const http::ResponseHead& head) {
  if (http::find_header(head.headers, "Content-Range") == nullptr) return head.status == 200;
  const auto range = content_range_of(head);
  return range && range->begin == 0 && range->total == range->end;
}

Decision DownloadPlan::take_whole(const http::ResponseHead& head) {
  drop_kept();
  version_ = version_of(head);
  if (const auto range = content_range_of(head)) version_.total = range->total;
  end_ = version_.total;
  has_unmarked_end_ = head.body_end == http::BodyEnd::kUnmarked && !version_.total;
  return {Action::kTakeWhole, "", {}};
}

Decision DownloadPlan::judge_rest(const http::ResponseHead& head) {
  if (head.status == 200 && length_of(head).is_clear && is_whole(head)) return take_whole(head);
  if (is_the_rest(head)) {
    const auto range = content_range_of(head);
    end_ = range->end;
    is_resuming_ = true;
    if (range->total) version_.total = range->total;
    has_unmarked_end_ = false;
    return {Action::kTakeRest, "", {}};
  }
  drop_kept();
  grants_an_attempt_ = true;
  return ask_again(head, " to a resumed download, which is of no use; it starts over");
}

bool DownloadPlan::is_the_rest(const http::ResponseHead& head) const {
  const auto range = content_range_of(head);
  if (head.status != 206 || !range || range->begin != bytes_ || !length_of(head).is_clear)
    return false;
  auto version = version_of(head);
  version.total = range->total;
  return is_ours(version) && (!version_.total || range->end <= *version_.total);
}

bool DownloadPlan::is_ours(const Version& version) const {
  if (version.url != version_.url || version.encoding != version_.encoding) return false;
  if (differ(version.etag, version_.etag) || differ(version.last_modified, version_.last_modified))
    return false;
  if (version.total && version_.total && *version.total != *version_.total) return false;
  const bool has_same_etag = version_.has_strong_etag() && version.etag == version_.etag;
  return has_same_etag ? version.total || version_.total : version.total && version_.total;
}

bool DownloadPlan::took(std::uint64_t bytes) {
  bytes_ += bytes;
  if (!end_ || bytes_ <= *end_) return true;
  drop_kept();
  grants_an_attempt_ = is_resuming_;
  return false;
}

Result<void> DownloadPlan::check_complete() const {
  if (!version_.total || bytes_ == *version_.total) return {};
  return fail(ErrorCode::kUnavailable, Reason::kSourceIncomplete, "ended after ", bytes_, " of ",
              *version_.total, " bytes");
}

bool DownloadPlan::drop_damaged() {
  drop_kept();
  return !std::exchange(was_damaged_, true);
}

void DownloadPlan::drop_kept() {
  version_ = {};
  bytes_ = 0;
}

}  // namespace okg::content
