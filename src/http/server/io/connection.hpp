// One client of the server: reads requests, writes answers, each within its time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "http/server/io/alarm.hpp"
#include "http/server/io/asio.hpp"
#include "http/server/io/transport.hpp"
#include "http/server/options.hpp"
#include "http/server/router.hpp"

namespace okg::http {

/// The state of a connection. By it, connections make room and deadlines act.
enum class At {
  kRequest,   ///< waits for a request, or for the rest of one
  kHandling,  ///< its request is with the handler: it never makes room
  kWriting,   ///< the client has not yet read its answer
  kStream,    ///< waits for more of a stream
  kLeaving,   ///< has got its last answer
};

/// All on the loop's thread. The loop watches `deadline`: it
/// cancels what a connection waits for that has no answer to write
/// (`expired`), and closes one that does not read its answer.
class Connection {
 public:
  /// Both outlive the connection.
  Connection(tcp::socket accepted, std::shared_ptr<asio::ssl::context> tls,
             const ServerLimits& limits, Alarm& alarm);

  /// Makes it ready for requests, within the time of one. False when that failed.
  asio::awaitable<bool> open();

  /// Reads a request's head. `timed_out` only when part
  /// of it has come; an idle client's time-out is `eof`.
  asio::awaitable<error_code> receive_head(Parser& parser);
  /// Reads the rest, within the time that began with the head.
  asio::awaitable<error_code> receive_body(Parser& parser);
  /// False when it did not go out in time, or nobody is there. `head_only`: after HEAD.
  asio::awaitable<bool> write(const ServerResponse& response, bool keep_alive, bool head_only);
  /// Head and `stream`, up to the stream's end.
  asio::awaitable<bool> write_stream(const ServerResponse& response, bool chunked);
  /// While the stream lasts, reads and drops what the client sends:
  /// nothing else says that it is gone. Closes the connection then.
  asio::awaitable<void> watch_client();
  /// Lets the client read the last answer before the connection is closed.
  asio::awaitable<void> leave(const bool& stopping);
  /// Waits for resume(). `at`: what it is at meanwhile.
  asio::awaitable<void> wait(At at);
  void resume();
  void close() { transport.close(); }
  [[nodiscard]] bool has_unread() { return buffer_.size() > 0 || transport.has_unread(); }
  [[nodiscard]] bool is_writing_since(Clock::time_point time) const {
    return at == At::kWriting && writing_since_ <= time;
  }

  Transport transport;
  At at = At::kRequest;
  bool is_turned_away = false;  ///< only here to be told that there is no room
  bool expired = false;         ///< its deadline passed while it had no answer to write
  Clock::time_point deadline = kNever;
  std::optional<Decision> reply;       ///< what the coroutine waits for
  std::shared_ptr<BodyStream> stream;  ///< while it is being sent

 private:
  asio::awaitable<error_code> read_some();
  asio::awaitable<error_code> say_continue();
  asio::awaitable<bool> send(std::string head, SharedText body);
  void expire_after(std::chrono::milliseconds patience);

  const ServerLimits& limits_;
  Alarm& alarm_;
  beast::flat_buffer buffer_;
  bool fresh_ = true;  ///< has not begun a request yet
  Clock::time_point request_deadline_ = kNever;
  Clock::time_point writing_since_{};
  std::function<void()> wake_;
};

}  // namespace okg::http
