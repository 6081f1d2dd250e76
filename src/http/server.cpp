// Boost stays in this file. Everything runs on the loop's one thread, but for open(), stop() and a Respond, which posts to it.
#include "http/server.hpp"

#include <fcntl.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/verb.hpp>
#include <cctype>
#include <cerrno>
#include <exception>
#include <list>
#include <optional>
#include <thread>
#include <utility>

#include "base/byte_size.hpp"
#include "http/form.hpp"

namespace okg::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

namespace {

using Clock = std::chrono::steady_clock;
using Parser = bhttp::request_parser<bhttp::string_body>;

constexpr auto kNever = Clock::time_point::max();
constexpr std::size_t kReadBytes = 4 * 1024;
/// How long, and for how much, a connection is still read after its last answer: closing with unread bytes resets it, and the
/// answer would be lost.
constexpr std::chrono::seconds kLinger{2};
constexpr std::size_t kLingerBytes = 1024 * 1024;
constexpr std::size_t kTurnedAway = 16;  ///< connections beyond the limit, only there to be told 503
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::hours kLongestGrace{24};

/// co_await gives its error to `error` instead of throwing it.
auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

std::string_view view(boost::core::string_view text) { return {text.data(), text.size()}; }

ServerResponse refusal(int status, const std::string& message) {
  ServerResponse response;
  response.status = status;
  response.body = R"({"result":"Failed","stage":"request","message":")" + message + "\"}\n";
  return response;
}

/// What a failed read tells the client; nothing when there is nobody to tell.
std::optional<ServerResponse> answer_to(const error_code& error, const ServerOptions& options) {
  if (error == bhttp::error::header_limit)
    return refusal(431, "the request's headers are larger than " + format_byte_size(options.max_header_bytes));
  if (error == bhttp::error::body_limit)
    return refusal(413, "the request's body is larger than " + format_byte_size(options.max_body_bytes));
  if (error == asio::error::timed_out) return refusal(408, "the request did not arrive in time");
  if (error.category() == bhttp::make_error_code(bhttp::error::bad_method).category())
    return refusal(400, "the request is not HTTP as it should be: " + error.message());
  return std::nullopt;
}

std::string serialize(const ServerResponse& response, bool keep_alive, bool head) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  text += view(bhttp::obsolete_reason(static_cast<bhttp::status>(response.status)));
  text += "\r\nContent-Type: " + response.content_type + "\r\nContent-Length: " + std::to_string(response.body.size());
  for (const auto& header : response.headers) text += "\r\n" + header.name + ": " + header.value;
  text += keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  if (!head) text += response.body;  // Content-Length is that of the body which HEAD does not get
  return text;
}

std::string media_type(std::string_view value) {
  std::string type(value.substr(0, value.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

Result<ServerRequest> to_request(const Parser::value_type& message) {
  auto target = view(message.target());
  // A proxy may be sent the whole URL. @source RFC 9112, section 3.2.2
  if (target.starts_with("http://")) {
    target.remove_prefix(std::min(target.find('/', 7), target.size()));
    if (target.empty()) target = "/";
  }
  const auto question = std::min(target.find('?'), target.size());
  auto path = percent_decode(target.substr(0, question));
  if (!path) return fail(path.error().in("path"));
  ServerRequest request;
  request.method = message.method() == bhttp::verb::head ? "GET" : std::string(view(message.method_string()));
  request.path = std::move(*path);
  request.query = std::string(target.substr(std::min(question + 1, target.size())));
  request.content_type = media_type(view(message[bhttp::field::content_type]));
  request.body = message.body();
  return request;
}

/// Asio's own timers wake an idle thread every five minutes; this one wakes it only for a deadline.
/// @source boost/asio/detail/impl/epoll_reactor.ipp (get_timeout)
class Alarm {
 public:
  explicit Alarm(asio::io_context& context) : descriptor_(context) {}

  Result<void> open() {
    const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (fd < 0) return fail(errno_error("timerfd_create", errno));
    descriptor_.assign(fd);
    return {};
  }
  void set(Clock::time_point time) {
    if (!descriptor_.is_open()) return;
    set_to_ = time;
    itimerspec spec{};
    if (time != kNever) {
      const auto since = time.time_since_epoch();
      spec.it_value.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(since).count();
      spec.it_value.tv_nsec = (since % std::chrono::seconds(1)).count();
    }
    timerfd_settime(descriptor_.native_handle(), TFD_TIMER_ABSTIME, &spec, nullptr);
  }
  void set_if_earlier(Clock::time_point time) {
    if (time < set_to_) set(time);
  }
  /// Ends the wait, now and for good.
  void close() {
    error_code ignored;
    descriptor_.close(ignored);
  }
  /// Ready again only after the next set().
  auto wait(error_code& error) { return descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, into(error)); }

 private:
  asio::posix::stream_descriptor descriptor_;
  Clock::time_point set_to_ = kNever;
};

struct Connection {
  Connection(tcp::socket accepted, std::size_t most_bytes) : socket(std::move(accepted)), buffer(most_bytes) {}

  tcp::socket socket;
  beast::flat_buffer buffer;
  bool fresh = true;     ///< has not begun a request yet
  bool busy = false;     ///< its request is with the handler, or the answer is being written
  bool expired = false;  ///< its deadline passed while it was not busy
  Clock::time_point deadline = kNever;
  std::optional<ServerResponse> response;
  std::function<void()> wake;  ///< resumes the coroutine that waits for `response`

  void close() {
    error_code ignored;
    socket.close(ignored);
  }
  void resume() {
    if (const auto resumed = std::exchange(wake, nullptr)) resumed();
  }
};

bool has_unread(const Connection& connection) {
  error_code error;
  return connection.buffer.size() > 0 || connection.socket.available(error) > 0 || error;
}

/// A list, so that a connection keeps its place when others go.
using Connections = std::list<std::shared_ptr<Connection>>;

}  // namespace

struct Server::Loop : std::enable_shared_from_this<Server::Loop> {
  /// Shared by the copies of one Respond. When the last goes without having answered, the client is told so.
  struct Ticket;

  Loop(const ServerOptions& chosen, Handler chosen_handler) : options(chosen), handler(std::move(chosen_handler)) {}

  ServerOptions options;
  Handler handler;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  Alarm alarm{context};
  /// In the order in which they began to wait for a request: the first that is not busy is the one to make room.
  Connections connections;
  bool stopping = false;
  Clock::time_point stop_at = kNever;
  Clock::time_point accept_again_at = kNever;  ///< set while accept() has ended for want of descriptors
  std::uint16_t port = 0;
  std::thread thread;

  Result<void> listen();
  error_code listen_on(const asio::ip::address& address);
  asio::awaitable<void> accept();
  void accept_again();
  bool make_room();
  asio::awaitable<void> watch();
  void drain(std::chrono::milliseconds grace);
  void expire_after(Connection& connection, std::chrono::milliseconds patience);

  asio::awaitable<void> serve(Connections::iterator position);
  asio::awaitable<void> turn_away(Connections::iterator position);
  void forget(Connections::iterator position);
  asio::awaitable<bool> serve_one(std::shared_ptr<Connection> connection);
  asio::awaitable<error_code> receive(Connection& connection, Parser& parser);
  asio::awaitable<error_code> read_some(Connection& connection);
  asio::awaitable<bool> write(Connection& connection, std::string text);
  asio::awaitable<void> ask_handler(std::shared_ptr<Connection> connection, ServerRequest request);
  asio::awaitable<void> leave(Connection& connection);
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
  if (!error && address.is_v6() && options.host.empty()) acceptor.set_option(asio::ip::v6_only(false), error);
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
    if (error && error != asio::error::address_in_use) error = listen_on(asio::ip::address_v4::any());
  } else {
    const auto address = asio::ip::make_address(options.host, error);
    if (error) return fail(ErrorCode::kInvalid, "cannot listen on '" + name + "': it is not an IP address");
    error = listen_on(address);
    if (address.is_v6()) name = "[" + name + "]";
  }
  if (error) {
    auto what = "cannot listen on " + name + ":" + std::to_string(options.port) + ": " + error.message();
    if (error == asio::error::access_denied)
      return fail(ErrorCode::kForbidden, what + "; ports below 1024 need the capability NET_BIND_SERVICE, others do not");
    return fail(ErrorCode::kInternal, what + "; end what uses the address, or set another one with listen");
  }
  port = acceptor.local_endpoint().port();
  return alarm.open();
}

/// Ends the connection that has waited longest for a request; false when all are busy.
bool Server::Loop::make_room() {
  const auto idle = std::find_if(connections.begin(), connections.end(),
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

    const auto busy = std::count_if(connections.begin(), connections.end(), [](const auto& other) { return other->busy; });
    const bool full = static_cast<std::size_t>(busy) >= options.max_connections;
    if (connections.size() >= options.max_connections + (full ? kTurnedAway : 0)) make_room();
    auto connection = std::make_shared<Connection>(std::move(socket), options.max_header_bytes + kReadBytes);
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

void Server::Loop::expire_after(Connection& connection, std::chrono::milliseconds patience) {
  connection.deadline = Clock::now() + patience;
  alarm.set_if_earlier(connection.deadline);
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
    co_await leave(*connection);
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
  co_await write(*connection, std::move(text));
  co_await leave(*connection);
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
  const auto failed = co_await receive(*connection, parser);
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
    co_await write(*connection, std::move(text));
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
  const bool written = co_await write(*connection, std::move(text));
  connection->busy = false;
  if (written && !keep_alive && !has_unread(*connection)) connection->close();  // the client said that nothing follows
  co_return written&& more;
}

/// Reads one whole request. `timed_out` only when part of it has come; an idle client's time-out is `eof`.
asio::awaitable<error_code> Server::Loop::receive(Connection& connection, Parser& parser) {
  auto& buffer = connection.buffer;
  error_code error;
  bool begun = buffer.size() > 0;
  if (!begun) buffer.shrink_to_fit();
  const bool idle = !begun && !connection.fresh;
  expire_after(connection, idle ? options.idle_timeout : options.request_timeout);
  connection.fresh = false;
  while (!parser.is_done()) {
    if (buffer.size() > 0) {
      const bool in_header = !parser.is_header_done();
      const auto used = parser.put(buffer.data(), error);
      buffer.consume(used);
      if (error && error != bhttp::error::need_more) co_return error;
      if (!error && in_header && parser.is_header_done()) {
        parser.eager(true);
        const auto& head = parser.get();
        const bool asks = head.version() >= 11 && equals_ignoring_case(view(head[bhttp::field::expect]), "100-continue");
        if (asks && !parser.is_done() && buffer.size() == 0) {
          std::string text = "HTTP/1.1 100 Continue\r\n\r\n";
          const auto goes_on = asio::buffer(text);
          co_await asio::async_write(connection.socket, goes_on, into(error));
          if (error) co_return error;
        }
      }
      if (!error) continue;
    }
    error = co_await read_some(connection);
    if (error == asio::error::timed_out && !begun) co_return asio::error::eof;
    if (error) co_return error;
    if (idle && !begun) expire_after(connection, options.request_timeout);
    begun = true;
  }
  co_return error_code();
}

asio::awaitable<error_code> Server::Loop::read_some(Connection& connection) {
  auto& buffer = connection.buffer;
  error_code error;
  if (buffer.size() == buffer.max_size()) co_return bhttp::error::header_limit;  // a chunk's header, or a trailer
  // A silent client needs no buffer.
  if (buffer.size() == 0) co_await connection.socket.async_wait(tcp::socket::wait_read, into(error));
  if (!error && !connection.expired) {
    const auto space = buffer.prepare(std::min(kReadBytes, buffer.max_size() - buffer.size()));
    const auto got = co_await connection.socket.async_read_some(space, into(error));
    buffer.commit(got);
  }
  if (connection.expired) co_return asio::error::timed_out;
  co_return error;
}

asio::awaitable<bool> Server::Loop::write(Connection& connection, std::string text) {
  if (!connection.socket.is_open()) co_return false;
  connection.expired = false;
  expire_after(connection, options.write_timeout);
  error_code error;
  const auto bytes = asio::buffer(text);
  co_await asio::async_write(connection.socket, bytes, into(error));
  co_return !error;
}

/// Leaves the answer in `connection->response`; nothing there when the server has stopped waiting for it.
asio::awaitable<void> Server::Loop::ask_handler(std::shared_ptr<Connection> connection, ServerRequest request) {
  {
    const auto ticket = std::make_shared<Ticket>(weak_from_this(), connection);
    handler(std::move(request), [ticket](ServerResponse response) { ticket->answer(std::move(response)); });
  }
  auto suspend = [waiting = connection.get()](auto resume) {
    auto shared = std::make_shared<decltype(resume)>(std::move(resume));
    waiting->wake = [shared] { std::move (*shared)(); };
  };
  auto answered = asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(suspend), asio::use_awaitable);
  co_await std::move(answered);
}

/// Lets the client read the last answer before the connection is closed.
asio::awaitable<void> Server::Loop::leave(Connection& connection) {
  if (!connection.socket.is_open()) co_return;
  error_code error;
  connection.socket.shutdown(tcp::socket::shutdown_send, error);
  connection.busy = false;
  connection.expired = false;
  expire_after(connection, kLinger);
  for (std::size_t bytes = 0; !error && !stopping && bytes < kLingerBytes;) {
    connection.buffer.clear();
    error = co_await read_some(connection);
    bytes += connection.buffer.size();
  }
}

Server::Server(std::shared_ptr<Loop> loop) : loop_(std::move(loop)) {}

Result<std::unique_ptr<Server>> Server::open(const ServerOptions& options, Handler handler) {
  auto loop = std::make_shared<Loop>(options, std::move(handler));
  if (auto ok = loop->listen(); !ok) return fail(std::move(ok).error());
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
