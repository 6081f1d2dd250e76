#include "http/server/io/connection.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "http/server/io/wire.hpp"

namespace okg::http {
namespace {

constexpr std::size_t kReadBytes = 4UL * 1024;

/// True when the client sends the body only after a
/// "100 Continue". @source RFC 9110, section 10.1.1
bool waits_to_go_on(const Parser& parser) {
  const auto& head = parser.get();
  return !parser.is_done() && head.version() >= 11 &&
         equals_ignoring_case(view(head[bhttp::field::expect]), "100-continue");
}

/// One chunk of a stream; the last one when there
/// are no bytes. @source RFC 9112, section 7.1
std::string chunk_of(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string size;
  for (auto rest = bytes.size(); rest > 0; rest /= 16)
    size.insert(size.begin(), kDigits[rest % 16]);
  return (size.empty() ? "0" : size) + "\r\n" + std::string(bytes) + "\r\n";
}

}  // namespace

Connection::Connection(tcp::socket accepted, std::shared_ptr<asio::ssl::context> tls,
                       const ServerLimits& limits, Alarm& alarm)
    : transport(std::move(accepted), std::move(tls)),
      limits_(limits),
      alarm_(alarm),
      buffer_(limits.max_header_bytes.value + kReadBytes) {}

void Connection::resume() {
  if (const auto resumed = std::exchange(wake_, nullptr)) resumed();
}

asio::awaitable<void> Connection::wait(At meanwhile) {
  at = meanwhile;
  deadline = kNever;
  auto suspend = [this](auto resumed) {
    auto shared = std::make_shared<decltype(resumed)>(std::move(resumed));
    wake_ = [shared] { std::move (*shared)(); };
  };
  auto resumed = asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(suspend),
                                                                              asio::use_awaitable);
  co_await std::move(resumed);
}

void Connection::expire_after(std::chrono::milliseconds patience) {
  expired = false;
  deadline = Clock::now() + patience;
  alarm_.set_if_earlier(deadline);
}

asio::awaitable<bool> Connection::open() {
  at = At::kRequest;
  expire_after(limits_.request_timeout.value);
  error_code error;
  co_await transport.open(error);
  if (error) close();
  co_return !error;
}

asio::awaitable<error_code> Connection::receive_head(Parser& parser) {
  at = At::kRequest;
  error_code error;
  bool begun = buffer_.size() > 0;
  if (!begun) buffer_.shrink_to_fit();
  const bool idle = !begun && !fresh_;
  expire_after(idle ? limits_.idle_timeout : limits_.request_timeout.value);
  fresh_ = false;
  for (std::size_t bytes = 0; !parser.is_header_done();) {
    if (buffer_.size() > 0) {
      const auto used = parser.put(buffer_.data(), error);
      const std::string_view lines(static_cast<const char*>(buffer_.data().data()), used);
      if (has_folded_line(lines)) co_return bhttp::error::bad_field;
      buffer_.consume(used);
      bytes += used;
      if (bytes > limits_.max_header_bytes.value) co_return bhttp::error::header_limit;
      if (!error) continue;
      if (error != bhttp::error::need_more) co_return error;
    }
    error = co_await read_some();
    if (error == asio::error::timed_out && !begun) co_return asio::error::eof;
    if (error) co_return error;
    if (idle && !begun) expire_after(limits_.request_timeout.value);
    begun = true;
  }
  request_deadline_ = deadline;
  co_return error_code();
}

asio::awaitable<error_code> Connection::receive_body(Parser& parser) {
  at = At::kRequest;
  expired = false;
  deadline = request_deadline_;
  alarm_.set_if_earlier(deadline);
  error_code error;
  if (buffer_.size() == 0 && waits_to_go_on(parser)) error = co_await say_continue();
  parser.eager(true);
  while (!error && !parser.is_done()) {
    if (buffer_.size() > 0) {
      buffer_.consume(parser.put(buffer_.data(), error));
      if (error == bhttp::error::need_more) error = co_await read_some();
    } else {
      error = co_await read_some();
    }
  }
  co_return error;
}

asio::awaitable<error_code> Connection::say_continue() {
  error_code error;
  const std::string text = "HTTP/1.1 100 Continue\r\n\r\n";
  co_await transport.write({asio::buffer(text), asio::const_buffer()}, error);
  co_return error;
}

asio::awaitable<error_code> Connection::read_some() {
  error_code error;
  // A chunk's header, or a trailer.
  if (buffer_.size() == buffer_.max_size()) co_return bhttp::error::header_limit;
  if (buffer_.size() == 0) co_await transport.wait_readable(error);
  if (!error && !expired) {
    const auto space = std::min(kReadBytes, buffer_.max_size() - buffer_.size());
    buffer_.commit(co_await transport.read_some(buffer_.prepare(space), error));
  }
  if (expired) co_return asio::error::timed_out;
  co_return error;
}

asio::awaitable<bool> Connection::send(std::string head, SharedText body) {
  if (!transport.is_open()) co_return false;
  at = At::kWriting;
  writing_since_ = Clock::now();
  expire_after(limits_.response_timeout);
  error_code error;
  co_await transport.write({asio::buffer(head), asio::buffer(body.view())}, error);
  co_return !error;
}

asio::awaitable<bool> Connection::write(const ServerResponse& response, bool keep_alive,
                                        bool head_only) {
  auto head = head_of(response, Framing::kLength, keep_alive);
  auto body = head_only ? SharedText() : response.body;
  co_return co_await send(std::move(head), std::move(body));
}

asio::awaitable<bool> Connection::write_stream(const ServerResponse& response, bool chunked) {
  auto head = head_of(response, chunked ? Framing::kChunked : Framing::kUntilClose, false);
  const SharedText body;
  bool written = co_await send(std::move(head), body);
  while (written && transport.is_open()) {
    auto taken = stream->take();
    if (taken.bytes.empty() && !taken.is_last) {
      co_await wait(At::kStream);
      continue;
    }
    std::string text;
    if (!chunked) text = std::move(taken.bytes);
    if (chunked && !taken.bytes.empty()) text = chunk_of(taken.bytes);
    if (chunked && taken.is_last) text += chunk_of({});
    written = co_await send(std::move(text), body);
    if (taken.is_last) break;
  }
  std::exchange(stream, nullptr)->close();
  co_return written;
}

asio::awaitable<void> Connection::watch_client() {
  std::array<char, 256> dropped{};
  error_code error;
  while (!error && stream) co_await transport.read_some(asio::buffer(dropped), error);
  if (!stream) co_return;
  close();
  resume();
}

asio::awaitable<void> Connection::leave(const bool& stopping) {
  if (!transport.is_open()) co_return;
  at = At::kLeaving;
  expire_after(limits_.linger);
  co_await transport.end_sending();
  error_code error;
  for (std::size_t bytes = 0; !error && !expired && !stopping && bytes < limits_.linger_bytes;) {
    buffer_.clear();
    error = co_await read_some();
    bytes += buffer_.size();
  }
}

}  // namespace okg::http
