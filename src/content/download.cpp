#include "content/download.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/backoff.hpp"
#include "base/byte_size.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/wait.hpp"
#include "http/client/date.hpp"

namespace okg::content {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kMaxRetryAfter{60'000};
constexpr std::uint64_t kWriteBehindBytes = std::uint64_t{8} << 20U;

std::string header_or_empty(const http::Headers& headers, std::string_view name) {
  const auto* value = http::find_header(headers, name);
  return value == nullptr ? std::string() : *value;
}

/// The first byte of "bytes 500-999/1000".
std::optional<std::uint64_t> range_begin(const http::Headers& headers) {
  const auto value = header_or_empty(headers, "Content-Range");
  if (!value.starts_with("bytes ")) return std::nullopt;
  const auto range = std::string_view(value).substr(6);
  return parse_whole<std::uint64_t>(range.substr(0, range.find('-')));
}

/// How long the source asks to be left alone; at most kMaxRetryAfter. Seconds or a date.
milliseconds retry_after_of(const http::Headers& headers) {
  const auto text = header_or_empty(headers, "Retry-After");
  const auto most = std::chrono::duration_cast<std::chrono::seconds>(kMaxRetryAfter).count();
  std::int64_t seconds = 0;
  if (const auto number = parse_whole<std::uint64_t>(text))
    seconds = static_cast<std::int64_t>(
        std::min<std::uint64_t>(*number, static_cast<std::uint64_t>(most)));
  else if (const auto date = http::parse_http_date(text))
    seconds = *date - std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, most));
}

/// A date marks a content only when it was older than a second as it was sent: it might have
/// changed within one.
/// @source RFC 9110, 8.8.2.2
std::string strong_date_of(const http::Headers& headers) {
  const auto text = header_or_empty(headers, "Last-Modified");
  const auto modified = http::parse_http_date(text);
  const auto sent = http::parse_http_date(header_or_empty(headers, "Date"));
  return modified && sent && *sent - *modified > 1 ? text : "";
}

/// Whether a status may be another one the next time.
bool is_passing(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

Error status_error(const std::string& url, int status) {
  std::string hint;
  if (status == 401 || status == 403)
    hint = "; the source wants credentials, or a signed address that has expired";
  if (status == 404 || status == 410) hint = "; check the address, nothing is there";
  if (status >= 300 && status < 400) hint = "; the redirect leads nowhere that may be followed";
  return {is_passing(status) ? ErrorCode::kUnavailable : ErrorCode::kUpstream,
          url + " answered " + std::to_string(status) + hint};
}

/// Takes the attempts of one fetch and keeps what has arrived so far, so that the next attempt can
/// go on from there.
class Attempts : public http::ResponseSink {
 public:
  Attempts(const std::string& url, StagedFile& file, const DownloadSettings& settings)
      : url_(url), file_(file), settings_(settings) {}

  Result<void> begin(const http::ResponseHead& head) override {
    if (head.status == 304 && conditional) {
      not_modified = true;
      return {};
    }
    if (head.status == 206 && bytes > 0 && range_begin(head.headers) == bytes) return {};
    if (head.status != 200) {
      if (head.status == 206 || head.status == 416) forget();
      retry_after = retry_after_of(head.headers);
      if (head.status == 206 || head.status == 416)
        return fail(ErrorCode::kUnavailable,
                    url_ + " answered " + std::to_string(head.status) + " to a resumed download");
      return status_error(url_, head.status);
    }
    if (auto ok = start_over(); !ok) return ok;
    etag = header_or_empty(head.headers, "ETag");
    last_modified = header_or_empty(head.headers, "Last-Modified");
    range_date_ = strong_date_of(head.headers);
    return reserve(header_or_empty(head.headers, "Content-Length"));
  }

  Result<void> write(std::span<const std::byte> chunk) override {
    if (not_modified) return {};
    if (bytes + chunk.size() > settings_.max_bytes) return too_large();
    // Written as it comes: gathering it first costs a copy, and larger writes were no faster.
    if (auto ok = write_all(file_.fd(), chunk, file_.path().string()); !ok) return ok;
    hash.update(chunk);
    bytes += chunk.size();
    write_behind();
    return {};
  }

  /// Headers that ask for what is missing, when the source gave a strong enough mark to be sure
  /// that it is the same content.
  void ask_for_rest(http::Headers& headers) const {
    const bool strong = !etag.empty() && !etag.starts_with("W/");
    if (bytes == 0 || (!strong && range_date_.empty())) return;
    headers.push_back({"Range", "bytes=" + std::to_string(bytes) + "-"});
    headers.push_back({"If-Range", strong ? etag : range_date_});
  }

  bool conditional = false;
  bool not_modified = false;
  milliseconds retry_after{0};
  Sha256Stream hash;
  std::uint64_t bytes = 0;
  std::string etag;
  std::string last_modified;

 private:
  void forget() {
    etag.clear();
    last_modified.clear();
    range_date_.clear();
  }

  Result<void> start_over() {
    hash.restart();
    bytes = 0;
    handed_over_ = 0;
    if (::ftruncate(file_.fd(), 0) != 0 || ::lseek(file_.fd(), 0, SEEK_SET) != 0)
      return errno_error("truncate " + file_.path().string(), errno);
    return {};
  }

  /// Asks the file system for the room at once when the length is known, so that a full disk is met
  /// before the first byte.
  Result<void> reserve(const std::string& content_length) {
    const auto length = parse_whole<std::uint64_t>(content_length);
    if (!length || *length == 0) return {};
    if (*length > settings_.max_bytes) return too_large();
    if (::fallocate(file_.fd(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(*length)) == 0 ||
        errno == EOPNOTSUPP)
      return {};
    return errno_error(
        "reserve " + format_byte_size(*length) + " in " + file_.path().parent_path().string(),
        errno);
  }

  /// Has the kernel begin with writing what has come, so that the fsync of a large file has little
  /// left to wait for.
  /// @source sync_file_range(2): a hint, whose failure changes nothing
  void write_behind() {
    if (bytes - handed_over_ < kWriteBehindBytes) return;
    (void)::sync_file_range(file_.fd(), static_cast<off_t>(handed_over_),
                            static_cast<off_t>(bytes - handed_over_), SYNC_FILE_RANGE_WRITE);
    handed_over_ = bytes;
  }

  [[nodiscard]] Error too_large() const {
    return {ErrorCode::kRefused, url_ + " is larger than download.maxBytes (" +
                                     format_byte_size(settings_.max_bytes) + ")"};
  }

  std::string range_date_;
  std::uint64_t handed_over_ = 0;  ///< bytes that the kernel has been asked to write
  const std::string& url_;
  StagedFile& file_;
  const DownloadSettings& settings_;
};

http::ClientRequest request_for(const std::string& url, const DownloadSettings& settings) {
  http::ClientRequest request;
  request.url = url;
  request.ca_file = settings.ca_file;
  request.max_redirects = settings.max_redirects;
  request.connect_timeout = settings.connect_timeout;
  request.stall_timeout = settings.stall_timeout;
  request.max_bytes_per_second = settings.max_bytes_per_second;
  return request;
}

}  // namespace

Result<std::variant<DownloadedFile, NotModified>> download(
    http::Client& client, const std::string& url, const Validators& validators,
    const std::filesystem::path& staging_file, const DownloadSettings& settings,
    std::stop_token stop) {
  auto staged = StagedFile::create(staging_file);
  if (!staged) return staged.error();
  Attempts attempts(url, *staged, settings);
  attempts.conditional = !validators.empty();
  Backoff backoff(milliseconds(250), milliseconds(10'000));
  const auto deadline = Clock::now() + settings.timeout;

  for (int attempt = 0;; ++attempt) {
    auto request = request_for(url, settings);
    request.total_timeout = std::max(
        milliseconds(1), std::chrono::duration_cast<milliseconds>(deadline - Clock::now()));
    if (!validators.etag.empty() && attempts.bytes == 0)
      request.headers.push_back({"If-None-Match", validators.etag});
    if (validators.etag.empty() && !validators.last_modified.empty() && attempts.bytes == 0)
      request.headers.push_back({"If-Modified-Since", validators.last_modified});
    attempts.ask_for_rest(request.headers);
    attempts.retry_after = milliseconds(0);

    auto answered = client.send(request, attempts, stop);
    if (answered) break;
    auto error = std::move(answered).error();
    const auto pause = std::max(backoff.next(), attempts.retry_after);
    if (!is_transient(error.code) || attempt >= settings.retries ||
        Clock::now() + pause >= deadline) {
      if (is_transient(error.code) && attempts.retry_after.count() > 0)
        error.message +=
            "; it asks to be left alone for " +
            std::to_string(
                std::chrono::duration_cast<std::chrono::seconds>(attempts.retry_after).count()) +
            " s";
      if (attempt > 0)
        error.message += " (attempt " + std::to_string(attempt + 1) + " of " +
                         std::to_string(settings.retries + 1) + ")";
      return error;
    }
    log::warn("the download will be tried again", {{"error", error.message},
                                                   {"have", format_byte_size(attempts.bytes)},
                                                   {"pauseMs", std::to_string(pause.count())}});
    if (!wait_for(stop, pause))
      return fail(ErrorCode::kStopping,
                  url + ": stopped while the download waited for its next attempt");
  }

  if (attempts.not_modified) return std::variant<DownloadedFile, NotModified>(NotModified{});
  // Blocks reserved beyond what came (a length that was larger than the content) are given back.
  if (::ftruncate(staged->fd(), static_cast<off_t>(attempts.bytes)) != 0)
    return errno_error("truncate " + staged->path().string(), errno);
  return std::variant<DownloadedFile, NotModified>(
      DownloadedFile{std::move(*staged), attempts.hash.finish(), attempts.bytes,
                     std::move(attempts.etag), std::move(attempts.last_modified)});
}

}  // namespace okg::content
