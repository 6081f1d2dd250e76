// libcurl stays in this file. The multi interface drives one transfer at a time, since only its
// poll can be woken at once.
#include "http/client/client.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "http/client/pace.hpp"
#include "http/client/stall_watch.hpp"

namespace okg::http {
namespace {

struct SlistFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, SlistFree>;

/// What the callbacks of one transfer share.
struct Transfer {
  CURL* easy = nullptr;
  ResponseSink* sink = nullptr;
  Pace pace{0};
  bool paused = false;
  std::chrono::milliseconds stall_timeout{0};
  const curl_socket_t* socket = nullptr;
  ResponseHead head;
  bool begun = false;
  std::optional<Error> sink_error;
  std::uint64_t body_bytes =
      0;  ///< as they came, before libcurl cut off what is beyond Content-Length
  bool has_excess = false;

  /// Tells the sink that the final answer has begun. False when it does not want the rest.
  bool begin() {
    if (begun) return !sink_error;
    begun = true;
    if (auto ok = sink->begin(head); !ok) sink_error = std::move(ok).error();
    return !sink_error;
  }
};

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  std::string_view line(data, size * count);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {  // a redirect, a 100 or a proxy's answer came before: only the
                                    // last one counts
    transfer.head = {};
    transfer.body_bytes = 0;
    return size * count;
  }
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    auto value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
      value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    transfer.head.headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
  }
  return size * count;
}

int status_of(CURL* easy) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

/// What Content-Length says; nothing without one, or where frames tell where a body ends.
std::optional<std::uint64_t> announced_bytes(CURL* easy) {
  long version = 0;
  curl_off_t length = -1;
  curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
  curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length < 0 || (version != CURL_HTTP_VERSION_1_0 && version != CURL_HTTP_VERSION_1_1))
    return std::nullopt;
  return static_cast<std::uint64_t>(length);
}

/// Whether bytes wait on the connection. Under TLS they may be the protocol's own, so that nothing
/// is known.
bool has_bytes_waiting(CURL* easy, curl_socket_t connection) {
  const char* scheme = nullptr;
  curl_easy_getinfo(easy, CURLINFO_SCHEME, &scheme);
  if (scheme == nullptr || !equals_ignoring_case(scheme, "http") || connection == CURL_SOCKET_BAD)
    return false;
  char byte = 0;
  return ::recv(connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/// The only place where libcurl shows a body before it drops what is longer than announced.
int on_debug(CURL*, curl_infotype type, char*, std::size_t size, void* user) {
  if (type == CURLINFO_DATA_IN) static_cast<Transfer*>(user)->body_bytes += size;
  return 0;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.head.status = status_of(transfer.easy);
  if (!transfer.begin()) return CURL_WRITEFUNC_ERROR;
  if (transfer.pace.is_ahead()) {
    transfer.paused = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  transfer.pace.took(size * count);
  if (auto ok = transfer.sink->write(std::as_bytes(std::span(data, size * count))); !ok) {
    transfer.sink_error = std::move(ok).error();
    return CURL_WRITEFUNC_ERROR;
  }
  const auto announced = announced_bytes(transfer.easy);
  transfer.has_excess =
      announced &&
      (transfer.body_bytes > *announced ||
       (transfer.body_bytes == *announced && has_bytes_waiting(transfer.easy, *transfer.socket)));
  return size * count;
}

/// The cause as an operator would put it; libcurl's own words follow it.
ErrorCode code_of(CURL* easy, CURLcode code) {
  long redirects = 0;
  curl_easy_getinfo(easy, CURLINFO_REDIRECT_COUNT, &redirects);
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return redirects > 0 ? ErrorCode::kUpstream : ErrorCode::kInvalid;
    case CURLE_OPERATION_TIMEDOUT: return ErrorCode::kTimeout;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SSL_CONNECT_ERROR:  // cut in the handshake; a certificate that does not verify is
                                   // another code
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return ErrorCode::kUnavailable;
    default: return ErrorCode::kUpstream;
  }
}

std::string describe(CURLcode code, const std::array<char, CURL_ERROR_SIZE>& detail,
                     const std::string& url, const std::string& ca_file) {
  std::string text =
      detail[0] != '\0' ? std::string(detail.data()) : std::string(curl_easy_strerror(code));
  if (code == CURLE_UNSUPPORTED_PROTOCOL)
    text += "; only http and https are fetched, and https never redirects to http";
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    text +=
        "; the certificate does not verify: check its host name, its dates, and that its authority "
        "is one of " +
        (ca_file.empty() ? "the system's (or set caFile)" : "those in " + ca_file);
  return url + ": " + text;
}

void global_init() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (done != CURLE_OK) std::abort();
}

}  // namespace

struct Client::Handles {
  static constexpr std::chrono::milliseconds kLongestPoll{60'000};
  CURLM* multi = curl_multi_init();
  CURL* easy = curl_easy_init();
  curl_socket_t socket = CURL_SOCKET_BAD;  ///< of the transfer under way; CURLINFO_ACTIVESOCKET
                                           ///< knows it only afterwards

  Handles() {
    if (multi == nullptr || easy == nullptr) std::abort();
  }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }

  /// Drives what `easy` is set to do to its end; kStopping when `stop` came first, kTimeout when it
  /// stalled. `transfer` is what its callbacks share.
  Result<CURLcode> drive(const std::stop_token& stop, Transfer& transfer) {
    curl_multi_add_handle(multi, easy);
    auto outcome = drive_added(stop, transfer);
    curl_multi_remove_handle(multi, easy);
    return outcome;
  }

 private:
  void note_socket() {
    fd_set readable;
    fd_set writable;
    fd_set other;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_ZERO(&other);
    if (curl_multi_fdset(multi, &readable, &writable, &other, &socket) != CURLM_OK)
      socket = CURL_SOCKET_BAD;
  }

  /// Bytes sent and received so far; nothing before there is a connection, which has a time-out of
  /// its own.
  std::optional<std::uint64_t> bytes_moved() const {
    curl_off_t connected = 0;
    curl_off_t received = 0;
    curl_off_t sent = 0;
    long header = 0;
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
    curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    curl_easy_getinfo(easy, CURLINFO_HEADER_SIZE, &header);
    if (connected == 0) return std::nullopt;
    return static_cast<std::uint64_t>(received + sent + header);
  }

  Result<CURLcode> drive_added(const std::stop_token& stop, Transfer& transfer) {
    StallWatch watch(transfer.stall_timeout);
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi); });
    for (;;) {
      if (stop.stop_requested())
        return fail(ErrorCode::kStopping, "stopped while the transfer was under way");
      note_socket();
      int running = 0;
      if (const auto failed = curl_multi_perform(multi, &running); failed != CURLM_OK)
        return fail(ErrorCode::kInternal, std::string("libcurl: ") + curl_multi_strerror(failed));
      int queued = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi, &queued))
        if (message->msg == CURLMSG_DONE) return message->data.result;
      // The wait is libcurl's own next time-out; the minute is only what it falls back to without
      // one.
      auto wait = kLongestPoll;
      if (transfer.paused)  // what is held back on purpose is no stall
        wait = std::min(wait, transfer.pace.rest());
      else if (const auto moved = bytes_moved())
        wait = std::min(wait, watch.left(*moved, StallWatch::Clock::now()));
      if (wait.count() <= 0 && !transfer.paused)
        return fail(ErrorCode::kTimeout,
                    "fewer than " + std::to_string(StallWatch::kBytesPerSecond) +
                        " bytes a second came for " +
                        std::to_string(transfer.stall_timeout.count()) + " ms");
      if (const auto failed =
              curl_multi_poll(multi, nullptr, 0, static_cast<int>(wait.count()), nullptr);
          failed != CURLM_OK)
        return fail(ErrorCode::kInternal, std::string("libcurl: ") + curl_multi_strerror(failed));
      if (!transfer.paused || transfer.pace.rest().count() > 0) continue;
      transfer.paused = false;  // the call below brings what was held back, and may pause again
      if (const auto failed = curl_easy_pause(easy, CURLPAUSE_CONT); failed != CURLE_OK)
        return failed;
    }
  }
};

Client::Client() {
  global_init();
  handles_ = std::make_unique<Handles>();
}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

namespace {

HeaderList header_list(const ClientRequest& request) {
  HeaderList list;
  const auto append = [&](const std::string& line) {
    auto* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) std::abort();
    (void)list.release();
    list.reset(longer);
  };
  for (const auto& header : request.headers) append(header.name + ": " + header.value);
  append("Expect:");  // no 100-continue round trip before a body
  return list;
}

void set_limits(CURL* easy, const ClientRequest& request) {
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_timeout.count()));
}

void set_method_and_body(CURL* easy, const ClientRequest& request) {
  if (!request.body.empty() || request.method == "POST" || request.method == "PATCH" ||
      request.method == "PUT") {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  if (request.method == "HEAD")
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  else if (request.method != "GET")
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

}  // namespace

Result<ResponseHead> Client::send(const ClientRequest& request, ResponseSink& sink,
                                  std::stop_token stop) {
  CURL* easy = handles_->easy;
  curl_easy_reset(easy);
  const bool secure = request.url.size() > 6 &&
                      equals_ignoring_case(std::string_view(request.url).substr(0, 6), "https:");
  std::array<char, CURL_ERROR_SIZE> detail{};
  Transfer transfer;
  transfer.easy = easy;
  transfer.sink = &sink;
  transfer.pace = Pace(request.max_bytes_per_second);
  transfer.stall_timeout = request.stall_timeout;
  transfer.socket = &handles_->socket;
  const auto headers = header_list(request);

  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, request.max_redirects > 0 ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(request.max_redirects));
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "okg-sidecar");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail.data());
  if (!request.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, request.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    // Kept for a day otherwise: a cluster that changes its authority changes this file. @source
    // CURLOPT_CA_CACHE_TIMEOUT(3)
    curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
  }
  if (!request.use_proxy) curl_easy_setopt(easy, CURLOPT_PROXY, "");
  set_method_and_body(easy, request);
  set_limits(easy, request);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);

  auto done = handles_->drive(stop, transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 0L);  // the connection outlives `transfer`
  if (transfer.sink_error) return std::move(*transfer.sink_error);
  if (!done) return done.error().in(request.url);
  if (*done != CURLE_OK)
    return fail(code_of(easy, *done), describe(*done, detail, request.url, request.ca_file));
  if (transfer.has_excess)
    return fail(ErrorCode::kUnavailable,
                request.url + ": more came than the " +
                    std::to_string(announced_bytes(easy).value_or(0)) +
                    " bytes of its Content-Length; it may have changed while it was sent");
  transfer.head.status = status_of(easy);
  if (!transfer.begin()) return std::move(*transfer.sink_error);
  return std::move(transfer.head);
}

namespace {

class MemorySink : public ResponseSink {
 public:
  explicit MemorySink(std::size_t most) : most_(most) {}
  Result<void> begin(const ResponseHead&) override { return {}; }
  Result<void> write(std::span<const std::byte> bytes) override {
    if (body.size() + bytes.size() > most_)
      return fail(ErrorCode::kRefused,
                  "the answer is longer than " + std::to_string(most_) + " bytes");
    body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  std::string body;

 private:
  std::size_t most_;
};

}  // namespace

Result<Response> Client::send(const ClientRequest& request, std::size_t max_body_bytes,
                              std::stop_token stop) {
  MemorySink sink(max_body_bytes);
  auto head = send(request, sink, std::move(stop));
  if (!head) return head.error();
  return Response{std::move(*head), std::move(sink.body)};
}

Result<void> Client::connect(const std::string& address, std::chrono::milliseconds timeout,
                             std::stop_token stop) {
  CURL* easy = handles_->easy;
  curl_easy_reset(easy);
  std::array<char, CURL_ERROR_SIZE> detail{};
  const auto url = "http://" + address;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY,
                   1L);  // such a connection is never used again; it ends with the transfer
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail.data());
  Transfer transfer;
  auto done = handles_->drive(stop, transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  if (!done) return done.error().in(address);
  if (*done != CURLE_OK) return fail(code_of(easy, *done), describe(*done, detail, address, ""));
  return {};
}

std::optional<std::int64_t> parse_http_date(const std::string& text) {
  const auto seconds = curl_getdate(text.c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return static_cast<std::int64_t>(seconds);
}

}  // namespace okg::http
