// One client of the server: reads whole requests, writes answers, each within its time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "http/server/alarm.hpp"
#include "http/server/asio.hpp"
#include "http/server/handler.hpp"
#include "http/server/options.hpp"

namespace okg::http {

/// All on the loop's thread. The loop watches `deadline`: it cancels what a connection waits for
/// that is not busy (`expired`), and closes one that is.
struct Connection {
  /// Both outlive the connection.
  Connection(tcp::socket accepted, const ServerOptions& chosen, Alarm& one_alarm);

  /// Reads one whole request. `timed_out` only when part of it has come; an idle client's time-out
  /// is `eof`.
  asio::awaitable<error_code> receive(Parser& parser);
  /// False when it did not go out in time, or nobody is there.
  asio::awaitable<bool> write(std::string text);
  /// Lets the client read the last answer before the connection is closed.
  asio::awaitable<void> leave(const bool& stopping);
  void close();
  void resume();
  [[nodiscard]] bool has_unread();

  const ServerOptions& options;
  Alarm& alarm;
  tcp::socket socket;
  beast::flat_buffer buffer;
  bool fresh = true;     ///< has not begun a request yet
  bool busy = false;     ///< its request is with the handler, or the answer is being written
  bool expired = false;  ///< its deadline passed while it was not busy
  Clock::time_point deadline = kNever;
  std::optional<ServerResponse> response;
  std::function<void()> wake;  ///< resumes the coroutine that waits for `response`

 private:
  asio::awaitable<error_code> read_some();
  asio::awaitable<error_code> say_continue();
  void expire_after(std::chrono::milliseconds patience);
};

}  // namespace okg::http
