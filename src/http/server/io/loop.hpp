// The server's one thread: who is there, who waits for what,
// and until when. Everything runs on it, but for open(),
// stop() and what handlers call back, which is posted to it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "http/server/io/alarm.hpp"
#include "http/server/io/asio.hpp"
#include "http/server/io/crowd.hpp"
#include "http/server/io/tls.hpp"
#include "http/server/options.hpp"
#include "http/server/router.hpp"

namespace okg::http {

class Loop : public std::enable_shared_from_this<Loop> {
 public:
  Loop(const ServerOptions& options, Choose choose)
      : options_(options), choose_(std::move(choose)) {}

  Result<void> open();
  void start();
  void stop(std::chrono::milliseconds grace);
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  /// Carries one reply from any thread to the connection that waits for
  /// it. When the last copy goes without one, the client is told so.
  class Ticket;

  asio::awaitable<void> accept();
  void accept_again();
  void take_in(tcp::socket socket);
  asio::awaitable<void> watch();
  void expire(const std::shared_ptr<Connection>& connection);
  void drain(std::chrono::milliseconds grace);
  asio::awaitable<void> serve(Crowd::Position position);
  asio::awaitable<void> turn_away(Crowd::Position position, std::string reason);
  void remove(Crowd::Position position);

  /// True when the connection may be used for another request.
  asio::awaitable<bool> serve_one(std::shared_ptr<Connection> connection);
  asio::awaitable<bool> refuse(std::shared_ptr<Connection> connection, ServerResponse refused,
                               const Parser& parser);
  asio::awaitable<Decision> decide(std::shared_ptr<Connection> connection,
                                   const ServerRequest& head);
  asio::awaitable<ServerResponse> ask(std::shared_ptr<Connection> connection, Handler handler,
                                      ServerRequest request);
  /// Keeps the connection as long as it watches its client.
  static asio::awaitable<void> watch_client(std::shared_ptr<Connection> connection);
  asio::awaitable<std::optional<Decision>> reply_to(std::shared_ptr<Connection> connection);
  asio::awaitable<bool> write(std::shared_ptr<Connection> connection, ServerResponse response,
                              const Parser& parser);

  ServerOptions options_;
  Choose choose_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  std::unique_ptr<Tls> tls_;
  Alarm alarm_{context_};
  Crowd crowd_{options_.limits};
  bool stopping_ = false;
  Clock::time_point stop_at_ = kNever;
  Clock::time_point accept_again_at_ = kNever;  ///< set while accept() lacks descriptors
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace okg::http
