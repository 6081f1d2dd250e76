// Everything here runs on the loop's one thread, but for open(), stop() and a Respond, which posts
// to it.
#include "http/server/server.hpp"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/verb.hpp>
#include <exception>
#include <list>
#include <thread>
#include <utility>

#include "http/server/alarm.hpp"
#include "http/server/asio.hpp"
#include "http/server/connection.hpp"
#include "http/server/server_message.hpp"

namespace okg::http {
namespace {

constexpr std::size_t kTurnedAway =
    16;  ///< connections beyond the limit, only there to be told 503
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::hours kLongestGrace{24};

/// A list, so that a connection keeps its place when others go.
using Connections = std::list<std::shared_ptr<Connection>>;

}  // namespace

struct Server::Loop : std::enable_shared_from_this<Server::Loop> {
  /// Shared by the copies of one Respond. When the last goes without having answered, the client is
  /// told so.
  struct Ticket;

  Loop(const ServerOptions& chosen, Handler chosen_handler)
      : options(chosen), handler(std::move(chosen_handler)) {}

  ServerOptions options;
  Handler handler;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  Alarm alarm{context};
  /// In the order in which they began to wait for a request: the first that is not busy is the one
  /// to make room.
  Connections connections;
  bool stopping = false;
  Clock::time_point stop_at = kNever;
  Clock::time_point accept_again_at =
      kNever;  ///< set while accept() has ended for want of descriptors
  std::uint16_t port = 0;
  std::thread thread;

  Result<void> listen();
  error_code listen_on(const asio::ip::address& address);
  asio::awaitable<void> accept();
  void accept_again();
  bool make_room();
  asio::awaitable<void> watch();
  void drain(std::chrono::milliseconds grace);

  asio::awaitable<void> serve(Connections::iterator position);
  asio::awaitable<void> turn_away(Connections::iterator position);
  void forget(Connections::iterator position);
  asio::awaitable<bool> serve_one(std::shared_ptr<Connection> connection);
  asio::awaitable<void> ask_handler(std::shared_ptr<Connection> connection, ServerRequest request);
};

struct Server::Loop::Ticket {
  Ticket(std::weak_ptr<Loop> loop, std::weak_ptr<Connection> connection)
      : loop_(std::move(loop)), connection_(std::move(connection)) {}
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  // Without memory for the answer the program ends. NOLINTNEXTLINE(bugprone-exception-escape)
  ~Ticket() { answer(refusal(500, "the request was dropped without an answer")); }

  void answer(ServerResponse response) {
    if (used_.exchange(true)) return;
    const auto loop = loop_.lock();
    if (!loop) return;
    asio::post(loop->context, [waiting = connection_, response = std::move(response)]() mutable {
      const auto connection = waiting.lock();
      if (!connection) return;
      connection->response = std::move(response);
      connection->resume();
    });
  }

 private:
  std::weak_ptr<Loop> loop_;
  std::weak_ptr<Connection> connection_;
  std::atomic<bool> used_ = false;
};

error_code Server::Loop::listen_on(const asio::ip::address& address) {
  error_code error;
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && address.is_v6() && options.host.empty())
    acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(1024, error);
  error_code ignored;
  if (error) acceptor.close(ignored);
  return error;
}

Result<void> Server::Loop::listen() {
  error_code error;
  auto name = options.host.empty() ? "*" : options.host;
  if (options.host.empty()) {
    error = listen_on(asio::ip::address_v6::any());
    // A kernel without IPv6, or with IPv6 switched off.
    if (error && error != asio::error::address_in_use)
      error = listen_on(asio::ip::address_v4::any());
  } else {
    const auto address = asio::ip::make_address(options.host, error);
    if (error)
      return fail(ErrorCode::kInvalid, "cannot listen on '" + name + "': it is not an IP address");
    error = listen_on(address);
    if (address.is_v6()) name = "[" + name + "]";
  }
  if (error) {
    auto what =
        "cannot listen on " + name + ":" + std::to_string(options.port) + ": " + error.message();
    if (error == asio::error::access_denied)
      return fail(ErrorCode::kForbidden,
                  what + "; ports below 1024 need the capability NET_BIND_SERVICE, others do not");
    return fail(ErrorCode::kInternal,
                what + "; end what uses the address, or set another one with listen");
  }
  port = acceptor.local_endpoint().port();
  return alarm.open();
}

/// Ends the connection that has waited longest for a request; false when all are busy.
bool Server::Loop::make_room() {
  const auto idle = std::find_if(
      connections.begin(), connections.end(),
      [](const auto& connection) { return !connection->busy && connection->socket.is_open(); });
  if (idle == connections.end()) return false;
  (*idle)->close();
  return true;
}

asio::awaitable<void> Server::Loop::accept() {
  for (;;) {
    error_code error;
    auto socket = co_await acceptor.async_accept(into(error));
    if (stopping || error == asio::error::operation_aborted) co_return;
    if (error) {
      // A listener without descriptors stays readable: going on at once would spin.
      if (error == asio::error::no_descriptors && make_room()) continue;
      accept_again_at = Clock::now() + kAcceptPause;
      alarm.set_if_earlier(accept_again_at);
      co_return;
    }
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
    socket.set_option(tcp::no_delay(true), error);

    const auto busy = std::count_if(connections.begin(), connections.end(),
                                    [](const auto& other) { return other->busy; });
    const bool full = static_cast<std::size_t>(busy) >= options.max_connections;
    if (connections.size() >= options.max_connections + (full ? kTurnedAway : 0)) make_room();
    auto connection = std::make_shared<Connection>(std::move(socket), options, alarm);
    const auto position = connections.insert(connections.end(), std::move(connection));
    if (full)
      asio::co_spawn(context, turn_away(position), asio::detached);
    else
      asio::co_spawn(context, serve(position), asio::detached);
  }
}

void Server::Loop::accept_again() {
  if (stopping || accept_again_at == kNever) return;
  accept_again_at = kNever;
  asio::co_spawn(context, accept(), asio::detached);
}

/// Acts on deadlines, until the alarm is closed.
asio::awaitable<void> Server::Loop::watch() {
  for (;;) {
    error_code error;
    co_await alarm.wait(error);
    if (error) co_return;
    const auto now = Clock::now();
    const bool give_up = now >= stop_at;
    if (give_up) stop_at = kNever;
    if (now >= accept_again_at) accept_again();
    auto next = std::min(stop_at, accept_again_at);
    for (const auto& connection : connections) {
      if (give_up) {
        connection->close();
        asio::post(context, [connection] { connection->resume(); });
      } else if (now >= connection->deadline) {
        connection->deadline = kNever;
        if (connection->busy) {
          connection->close();
        } else {
          connection->expired = true;
          connection->socket.cancel(error);
        }
      }
      next = std::min(next, connection->deadline);
    }
    alarm.set(next);
  }
}

void Server::Loop::drain(std::chrono::milliseconds grace) {
  stopping = true;
  error_code ignored;
  acceptor.close(ignored);
  accept_again_at = kNever;
  for (const auto& connection : connections)
    if (!connection->busy) connection->close();
  stop_at = Clock::now() + std::min<std::chrono::milliseconds>(grace, kLongestGrace);
  if (connections.empty())
    alarm.close();
  else
    alarm.set_if_earlier(stop_at);
}

asio::awaitable<void> Server::Loop::serve(Connections::iterator position) {
  const auto connection = *position;
  try {
    for (bool more = true; more && !stopping;) {
      connections.splice(connections.end(), connections, position);  // it waits anew
      more = co_await serve_one(connection);
    }
    co_await connection->leave(stopping);
  } catch (const std::exception&) {
    // No memory for this one; the others go on.
  }
  forget(position);
}

asio::awaitable<void> Server::Loop::turn_away(Connections::iterator position) {
  const auto connection = *position;
  auto busy = refusal(503, "too many requests are under way; try again later");
  busy.headers.push_back({"Retry-After", "1"});
  auto text = serialize(busy, false, false);
  co_await connection->write(std::move(text));
  co_await connection->leave(stopping);
  forget(position);
}

void Server::Loop::forget(Connections::iterator position) {
  (*position)->close();
  connections.erase(position);
  accept_again();
  if (!connections.empty()) return;
  if (stopping)
    alarm.close();  // the last work there was: run() returns
  else
    alarm.set(kNever);
}

/// True when the connection may be used for another request.
asio::awaitable<bool> Server::Loop::serve_one(std::shared_ptr<Connection> connection) {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
  parser.body_limit(options.max_body_bytes);
  const auto failed = co_await connection->receive(parser);
  auto refused = failed ? answer_to(failed, options) : std::nullopt;
  if (failed && !refused) connection->close();  // nobody is there any more, or nothing was asked

  std::optional<ServerRequest> request;
  if (!failed) {
    if (auto parsed = to_request(parser.get()))
      request = std::move(*parsed);
    else
      refused = refusal(400, "the path holds a malformed percent-escape; write a plain % as %25");
  }
  if (refused) {
    auto text = serialize(*refused, false, false);
    co_await connection->write(std::move(text));
  }
  if (!request) co_return false;

  const bool head = parser.get().method() == bhttp::verb::head;
  const bool keep_alive = parser.keep_alive();
  connection->busy = true;
  connection->deadline = kNever;
  co_await ask_handler(connection, std::move(*request));
  const auto response = std::exchange(connection->response, std::nullopt);
  if (!response) co_return false;
  const bool more = keep_alive && !stopping;
  auto text = serialize(*response, more, head);
  const bool written = co_await connection->write(std::move(text));
  connection->busy = false;
  if (written && !keep_alive && !connection->has_unread())
    connection->close();  // the client said that nothing follows
  co_return written&& more;
}

/// Leaves the answer in `connection->response`; nothing there when the server has stopped waiting
/// for it.
asio::awaitable<void> Server::Loop::ask_handler(std::shared_ptr<Connection> connection,
                                                ServerRequest request) {
  {
    const auto ticket = std::make_shared<Ticket>(weak_from_this(), connection);
    handler(std::move(request),
            [ticket](ServerResponse response) { ticket->answer(std::move(response)); });
  }
  auto suspend = [waiting = connection.get()](auto resume) {
    auto shared = std::make_shared<decltype(resume)>(std::move(resume));
    waiting->wake = [shared] { std::move (*shared)(); };
  };
  auto answered = asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(suspend),
                                                                               asio::use_awaitable);
  co_await std::move(answered);
}

Server::Server(std::shared_ptr<Loop> loop) : loop_(std::move(loop)) {}

Result<std::unique_ptr<Server>> Server::open(const ServerOptions& options, Handler handler) {
  auto loop = std::make_shared<Loop>(options, std::move(handler));
  if (auto ok = loop->listen(); !ok) return ok.error();
  asio::co_spawn(loop->context, loop->accept(), asio::detached);
  asio::co_spawn(loop->context, loop->watch(), asio::detached);
  loop->thread = std::thread([raw = loop.get()] { raw->context.run(); });
  return std::unique_ptr<Server>(new Server(std::move(loop)));
}

// NOLINTNEXTLINE(bugprone-exception-escape)
Server::~Server() { stop(std::chrono::milliseconds(0)); }

std::uint16_t Server::port() const { return loop_->port; }

void Server::stop(std::chrono::milliseconds grace) {
  if (!loop_->thread.joinable()) return;
  asio::post(loop_->context, [loop = loop_.get(), grace] { loop->drain(grace); });
  loop_->thread.join();
  loop_->handler = nullptr;  // what it refers to may go now, whoever still holds a Respond
}

}  // namespace okg::http
