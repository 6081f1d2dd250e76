// The multi interface drives one transfer at a
// time, since only its poll can be woken at once.
#include "http/client/client.hpp"

#include "base/text/bytes.hpp"
#include "http/client/curl_info.hpp"

#include <curl/curl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "base/environment.hpp"
#include "base/text/secret.hpp"
#include "http/client/transfer.hpp"

namespace okg::http {
namespace {

using std::chrono::milliseconds;

void global_init() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (done != CURLE_OK) std::abort();
}

Error multi_error(CURLMcode code) {
  return fail(ErrorCode::kInternal, "libcurl: ", curl_multi_strerror(code));
}

}  // namespace

void prepare_process() {
  global_init();
  const auto proxy = environment("HTTP_PROXY");
  if (proxy && std::getenv("http_proxy") == nullptr) ::setenv("http_proxy", proxy->c_str(), 0);
}

struct Client::Handles {
  static constexpr milliseconds kMaxPoll{60'000};
  CURLM* multi = curl_multi_init();
  CURL* easy = curl_easy_init();
  /// The socket of the transfer in progress, which CURLINFO_ACTIVESOCKET
  /// knows only afterwards.
  curl_socket_t socket = CURL_SOCKET_BAD;

  Handles() {
    if (multi == nullptr || easy == nullptr) std::abort();
  }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }

  /// Drives what `easy` is set to do to its end. Errors: kStopping, kTimeout
  /// (it stalled). `transfer`: what it is set up by; may be nullptr.
  Result<CURLcode> drive(const std::stop_token& stop, Transfer* transfer) {
    if (has_unasked_bytes()) forget_connections();
    // A name server that does not answer: its thread is let go instead of waited for,
    // and cleans up after itself. @source lib/hostip.c, Curl_resolver_kill; asyn-thread.c
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_multi_add_handle(multi, easy);
    auto outcome = drive_added(stop, transfer);
    note_kept_connection();
    curl_multi_remove_handle(multi, easy);
    return outcome;
  }

  /// Connections, and what names resolved to, are kept
  /// in the multi handle. Those of another host that
  /// worked are lost as well, which costs a handshake.
  void forget_connections() {
    curl_multi_cleanup(multi);
    multi = curl_multi_init();
    if (multi == nullptr) std::abort();
    kept.clear();
  }

 private:
  std::vector<pollfd> kept;  ///< of HTTP/1, on which an answer ended; perhaps closed since

  void note_kept_connection() {
    const auto version = info_of(easy, CURLINFO_HTTP_VERSION, 0L);
    if (version >= CURL_HTTP_VERSION_2_0) return;  // it says of all bytes what they belong to
    const auto used = info_of(easy, CURLINFO_ACTIVESOCKET, curl_socket_t{CURL_SOCKET_BAD});
    const auto is_same = [&](const pollfd& each) { return each.fd == used; };
    if (used != CURL_SOCKET_BAD && std::ranges::none_of(kept, is_same))
      kept.push_back({used, POLLIN, 0});
  }

  /// Bytes between two calls are nobody's answer: the rest of a body
  /// that was longer than it said, or the 408 of a server that waited
  /// long enough. libcurl would take it for the next one. A descriptor
  /// that is something else by now costs a handshake at most.
  bool has_unasked_bytes() { return !kept.empty() && ::poll(kept.data(), kept.size(), 0) != 0; }

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

  /// Its result, when it is done.
  Result<std::optional<CURLcode>> perform() {
    note_socket();
    int running = 0;
    if (const auto failed = curl_multi_perform(multi, &running); failed != CURLM_OK)
      return multi_error(failed);
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &queued))
      if (message->msg == CURLMSG_DONE) return std::optional(message->data.result);
    return std::optional<CURLcode>();
  }

  Result<CURLcode> drive_added(const std::stop_token& stop, Transfer* transfer) {
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi); });
    for (;;) {
      if (stop.stop_requested())
        return fail(ErrorCode::kStopping, "stopped while the transfer was in progress");
      auto done = perform();
      if (!done) return done.error();
      if (*done) return **done;
      if (transfer != nullptr && transfer->has_enough()) return CURLE_OK;
      // The wait is libcurl's own next time-out; the minute is its fallback.
      auto wait = kMaxPoll;
      if (transfer != nullptr) {
        const auto patience = transfer->patience();
        if (!patience) return patience.error();
        wait = std::min(wait, *patience);
      }
      if (const auto failed =
              curl_multi_poll(multi, nullptr, 0, static_cast<int>(wait.count()), nullptr);
          failed != CURLM_OK)
        return multi_error(failed);
      if (transfer == nullptr) continue;
      if (const auto failed = transfer->resume_when_due(); failed != CURLE_OK) return failed;
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

Result<ResponseHead> Client::send(const ClientRequest& request, ResponseSink& sink,
                                  std::stop_token stop) {
  Transfer transfer(handles_->easy, request, sink, handles_->socket);
  const auto done = handles_->drive(stop, &transfer);
  auto head = done ? transfer.finish(*done)
                   : Result<ResponseHead>(done.error().in(redact_url(request.url)));
  // A time-out may mean that the connection is dead, whatever it looks like.
  // A refusal of the sink (CURLE_WRITE_ERROR) says nothing of the connection.
  const bool is_sound = done && (*done == CURLE_OK || *done == CURLE_WRITE_ERROR);
  if (!is_sound || transfer.has_spoilt_connection()) handles_->forget_connections();
  return head;
}

namespace {

class MemorySink : public ResponseSink {
 public:
  explicit MemorySink(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  Result<void> begin(const ResponseHead&) override { return {}; }
  Result<void> write(std::span<const std::byte> bytes) override {
    if (body.size() + bytes.size() > max_bytes_)
      return fail(ErrorCode::kRefused, "the answer is longer than ", max_bytes_, " bytes");
    body.append(as_text(bytes));
    return {};
  }
  std::string body;

 private:
  std::size_t max_bytes_;
};

}  // namespace

Result<Response> Client::send(const ClientRequest& request, std::size_t max_body_bytes,
                              std::stop_token stop) {
  MemorySink sink(max_body_bytes);
  auto head = send(request, sink, std::move(stop));
  if (!head) return head.error();
  return Response{std::move(*head), std::move(sink.body)};
}

Result<void> Client::connect(const std::string& address, milliseconds timeout,
                             std::stop_token stop) {
  CURL* easy = handles_->easy;
  curl_easy_reset(easy);
  std::array<char, CURL_ERROR_SIZE> detail{};
  const auto url = "http://" + address;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  // Such a connection is never used again; it ends with the transfer.
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail.data());
  auto done = handles_->drive(stop, nullptr);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  if (!done) return done.error().in(address);
  ClientRequest asked;
  asked.url = address;
  if (*done != CURLE_OK) return transfer_error(easy, *done, detail.data(), asked);
  return {};
}

}  // namespace okg::http
