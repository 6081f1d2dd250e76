#include "http/server/connection.hpp"

#include <algorithm>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "base/text.hpp"
#include "http/form.hpp"

namespace okg::http {
namespace {

constexpr std::size_t kReadBytes = 4 * 1024;
/// How long, and for how much, a connection is still read after its last answer: closing with
/// unread bytes resets it, and the answer would be lost.
constexpr std::chrono::seconds kLinger{2};
constexpr std::size_t kLingerBytes = 1024 * 1024;

/// Whether the client sends the body only after a "100 Continue". @source RFC 9110, section 10.1.1
bool waits_to_go_on(const Parser& parser) {
  const auto& head = parser.get();
  return !parser.is_done() && head.version() >= 11 &&
         equals_ignoring_case(view(head[bhttp::field::expect]), "100-continue");
}

}  // namespace

Connection::Connection(tcp::socket accepted, const ServerOptions& chosen, Alarm& one_alarm)
    : options(chosen),
      alarm(one_alarm),
      socket(std::move(accepted)),
      buffer(chosen.max_header_bytes + kReadBytes) {}

void Connection::close() {
  error_code ignored;
  socket.close(ignored);
}

void Connection::resume() {
  if (const auto resumed = std::exchange(wake, nullptr)) resumed();
}

bool Connection::has_unread() {
  error_code error;
  return buffer.size() > 0 || socket.available(error) > 0 || error;
}

void Connection::expire_after(std::chrono::milliseconds patience) {
  deadline = Clock::now() + patience;
  alarm.set_if_earlier(deadline);
}

asio::awaitable<error_code> Connection::receive(Parser& parser) {
  error_code error;
  bool begun = buffer.size() > 0;
  if (!begun) buffer.shrink_to_fit();
  const bool idle = !begun && !fresh;
  expire_after(idle ? options.idle_timeout : options.request_timeout);
  fresh = false;
  while (!parser.is_done()) {
    if (buffer.size() > 0) {
      const bool in_header = !parser.is_header_done();
      const auto used = parser.put(buffer.data(), error);
      buffer.consume(used);
      if (error && error != bhttp::error::need_more) co_return error;
      if (!error && in_header && parser.is_header_done()) {
        parser.eager(true);
        if (buffer.size() == 0 && waits_to_go_on(parser)) error = co_await say_continue();
        if (error) co_return error;
      }
      if (!error) continue;
    }
    error = co_await read_some();
    if (error == asio::error::timed_out && !begun) co_return asio::error::eof;
    if (error) co_return error;
    if (idle && !begun) expire_after(options.request_timeout);
    begun = true;
  }
  co_return error_code();
}

asio::awaitable<error_code> Connection::say_continue() {
  error_code error;
  std::string text = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto bytes = asio::buffer(text);
  co_await asio::async_write(socket, bytes, into(error));
  co_return error;
}

asio::awaitable<error_code> Connection::read_some() {
  error_code error;
  if (buffer.size() == buffer.max_size())
    co_return bhttp::error::header_limit;  // a chunk's header, or a trailer
  // A silent client needs no buffer.
  if (buffer.size() == 0) co_await socket.async_wait(tcp::socket::wait_read, into(error));
  if (!error && !expired) {
    const auto space = buffer.prepare(std::min(kReadBytes, buffer.max_size() - buffer.size()));
    const auto got = co_await socket.async_read_some(space, into(error));
    buffer.commit(got);
  }
  if (expired) co_return asio::error::timed_out;
  co_return error;
}

asio::awaitable<bool> Connection::write(std::string text) {
  if (!socket.is_open()) co_return false;
  expired = false;
  expire_after(options.write_timeout);
  error_code error;
  const auto bytes = asio::buffer(text);
  co_await asio::async_write(socket, bytes, into(error));
  co_return !error;
}

asio::awaitable<void> Connection::leave(const bool& stopping) {
  if (!socket.is_open()) co_return;
  error_code error;
  socket.shutdown(tcp::socket::shutdown_send, error);
  busy = false;
  expired = false;
  expire_after(kLinger);
  for (std::size_t bytes = 0; !error && !stopping && bytes < kLingerBytes;) {
    buffer.clear();
    error = co_await read_some();
    bytes += buffer.size();
  }
}

}  // namespace okg::http
