#include "http/server.hpp"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <list>
#include <optional>
#include <thread>
#include <utility>

#include "http/form.hpp"

namespace okg::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

namespace {

using Parser = bhttp::request_parser<bhttp::string_body>;
using Message = bhttp::response<bhttp::string_body>;

/// co_await gives its error to `error` instead of throwing it.
auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

ServerResponse refusal(int status, const std::string& message) {
  return {status, "application/json", R"({"result":"Failed","stage":"request","message":")" + message + "\"}\n", {}};
}

std::string media_type(std::string_view value) {
  auto type = std::string(value.substr(0, value.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

std::string_view view(boost::core::string_view text) { return {text.data(), text.size()}; }

Message to_message(ServerResponse response, unsigned version, bool keep_alive, bool head) {
  Message message(static_cast<bhttp::status>(response.status), version);
  message.set(bhttp::field::content_type, response.content_type);
  for (const auto& header : response.headers) message.set(header.name, header.value);
  message.keep_alive(keep_alive);
  message.content_length(response.body.size());
  if (!head) message.body() = std::move(response.body);
  return message;
}

/// What a failed read tells the client; nothing when there is nobody to tell.
std::optional<ServerResponse> answer_to(const error_code& error) {
  if (error == bhttp::error::header_limit) return refusal(431, "the request's headers are too large");
  if (error == bhttp::error::body_limit) return refusal(413, "the request's body is larger than 64 KiB");
  if (error == beast::error::timeout) return refusal(408, "the request did not arrive in time");
  if (error == bhttp::error::end_of_stream || error == bhttp::error::partial_message) return std::nullopt;
  if (error.category() == bhttp::make_error_code(bhttp::error::bad_method).category())
    return refusal(400, "the request is not HTTP as it should be: " + error.message());
  return std::nullopt;
}

}  // namespace

/// Everything here happens on the loop's one thread, but for open(), stop() and what is posted.
struct Server::Loop : std::enable_shared_from_this<Server::Loop> {
  struct Connection {
    explicit Connection(tcp::socket socket) : stream(std::move(socket)) {}
    beast::tcp_stream stream;
    bool handling = false;  ///< its request is with the handler
    bool fresh = true;      ///< no request has come yet
  };
  using Connections = std::list<std::shared_ptr<Connection>>;

  Loop(const ServerOptions& chosen, Handler chosen_handler) : options(chosen), handler(std::move(chosen_handler)) {}

  ServerOptions options;
  Handler handler;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  /// In the order in which they began to wait for a request: the first is the one to make room.
  Connections connections;
  asio::steady_timer changed{context, asio::steady_timer::time_point::max()};  ///< cancelled when a connection ended
  bool stopping = false;
  std::uint16_t port = 0;
  std::thread thread;

  Result<void> listen();
  asio::awaitable<void> accept();
  asio::awaitable<void> serve(Connections::iterator position);
  asio::awaitable<bool> serve_one(std::shared_ptr<Connection> connection, beast::flat_buffer& buffer,
                                  Connections::iterator position);
  asio::awaitable<bool> write(Connection& connection, Message message);
  asio::awaitable<ServerResponse> ask_handler(ServerRequest request);
  bool make_room();
  asio::awaitable<void> drain(std::chrono::milliseconds grace);
};

Result<void> Server::Loop::listen() {
  const auto open_on = [&](const asio::ip::address& address) {
    error_code error;
    const tcp::endpoint endpoint(address, options.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && address.is_v6() && options.host.empty()) acceptor.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(1024, error);
    if (error) {
      error_code ignored;
      acceptor.close(ignored);
    }
    return error;
  };
  error_code error;
  auto name = options.host;
  if (options.host.empty()) {
    name = "*";
    error = open_on(asio::ip::address_v6::any());
    // A kernel without IPv6.
    if (error && error != asio::error::address_in_use) error = open_on(asio::ip::address_v4::any());
  } else {
    const auto address = asio::ip::make_address(options.host, error);
    if (!error) error = open_on(address);
    if (address.is_v6()) name = "[" + name + "]";
  }
  if (error)
    return fail(ErrorCode::kInternal, "cannot listen on " + name + ":" + std::to_string(options.port) + ": " + error.message() +
                                          "; end what uses the address, or set another one with listen");
  port = acceptor.local_endpoint().port();
  return {};
}

/// Ends the connection that has waited longest for a request; false when all are being handled.
bool Server::Loop::make_room() {
  for (const auto& connection : connections) {
    if (connection->handling || !connection->stream.socket().is_open()) continue;
    connection->stream.close();
    return true;
  }
  return false;
}

asio::awaitable<void> Server::Loop::accept() {
  for (;;) {
    error_code error;
    auto socket = co_await acceptor.async_accept(into(error));
    if (stopping || error == asio::error::operation_aborted) co_return;
    if (error == asio::error::no_descriptors) {
      // Somebody has to go before the next one can come.
      const bool made = make_room();
      changed.expires_after(std::chrono::milliseconds(made ? 0 : 100));
      co_await changed.async_wait(into(error));
      continue;
    }
    if (error) continue;  // this client is gone already
    if (connections.size() >= options.max_connections && !make_room()) continue;
    auto connection = std::make_shared<Connection>(std::move(socket));
    const auto position = connections.insert(connections.end(), connection);
    asio::co_spawn(context, serve(position), asio::detached);
  }
}

asio::awaitable<void> Server::Loop::serve(Connections::iterator position) {
  const auto connection = *position;
  beast::flat_buffer buffer;
  for (bool more = true; more && !stopping;) {
    more = co_await serve_one(connection, buffer, position);
  }
  error_code ignored;
  connection->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  connection->stream.close();
  connections.erase(position);
  changed.cancel();
}

asio::awaitable<bool> Server::Loop::serve_one(std::shared_ptr<Connection> connection, beast::flat_buffer& buffer,
                                              Connections::iterator position) {
  error_code error;
  auto& stream = connection->stream;
  connections.splice(connections.end(), connections, position);  // it waits anew
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
  parser.body_limit(options.max_body_bytes);

  // A connection's first request has to begin soon; a later one may take its time.
  if (buffer.size() == 0 && !connection->fresh) {
    stream.expires_after(options.idle_timeout);
    auto space = buffer.prepare(1024);
    const auto got = co_await stream.async_read_some(space, into(error));
    if (error) co_return false;
    buffer.commit(got);
  }
  connection->fresh = false;
  stream.expires_after(options.request_timeout);
  co_await bhttp::async_read_header(stream, buffer, parser, into(error));
  if (!error && equals_ignoring_case(view(parser.get()[bhttp::field::expect]), "100-continue")) {
    Message go_on(bhttp::status::continue_, parser.get().version());
    const bool written = co_await write(*connection, std::move(go_on));
    if (!written) co_return false;
    stream.expires_after(options.request_timeout);
  }
  if (!error) co_await bhttp::async_read(stream, buffer, parser, into(error));
  if (error) {
    if (auto refused = answer_to(error); refused && stream.socket().is_open()) {
      auto message = to_message(std::move(*refused), 11, false, false);
      co_await write(*connection, std::move(message));
    }
    co_return false;
  }

  const auto message = parser.release();
  const bool head = message.method() == bhttp::verb::head;
  const bool keep_alive = message.keep_alive() && !stopping;
  const auto target = view(message.target());
  const auto question = std::min(target.find('?'), target.size());
  auto path = percent_decode(target.substr(0, question));
  ServerRequest request;
  request.method = head ? "GET" : std::string(view(message.method_string()));
  request.path = path ? *path : std::string(target.substr(0, question));
  request.query = std::string(target.substr(std::min(question + 1, target.size())));
  request.content_type = media_type(view(message[bhttp::field::content_type]));
  request.body = message.body();

  connection->handling = true;
  stream.expires_never();
  auto response = co_await ask_handler(std::move(request));
  connection->handling = false;
  auto answer = to_message(std::move(response), message.version(), keep_alive && !stopping, head);
  const bool written = co_await write(*connection, std::move(answer));
  co_return written&& keep_alive;
}

asio::awaitable<bool> Server::Loop::write(Connection& connection, Message message) {
  error_code error;
  connection.stream.expires_after(options.write_timeout);
  bhttp::response_serializer<bhttp::string_body> serializer(message);
  // For HEAD the length is that of the body which is not sent.
  if (message.body().empty())
    co_await bhttp::async_write_header(connection.stream, serializer, into(error));
  else
    co_await bhttp::async_write(connection.stream, serializer, into(error));
  co_return !error;
}

asio::awaitable<ServerResponse> Server::Loop::ask_handler(ServerRequest request) {
  // The timer stands for "not answered yet"; the answer's poster cancels it on this thread.
  struct Slot {
    explicit Slot(asio::io_context& context) : answered(context, asio::steady_timer::time_point::max()) {}
    asio::steady_timer answered;
    std::optional<ServerResponse> response;
  };
  const auto slot = std::make_shared<Slot>(context);
  const std::weak_ptr<Loop> weak = weak_from_this();
  const std::weak_ptr<Slot> weak_slot = slot;
  handler(std::move(request), [weak, weak_slot](ServerResponse response) {
    const auto loop = weak.lock();
    if (!loop) return;
    asio::post(loop->context, [weak_slot, response = std::move(response)]() mutable {
      const auto waiting = weak_slot.lock();
      if (!waiting || waiting->response) return;
      waiting->response = std::move(response);
      waiting->answered.cancel();
    });
  });
  error_code ignored;
  while (!slot->response) co_await slot->answered.async_wait(into(ignored));
  co_return std::move(*slot->response);
}

asio::awaitable<void> Server::Loop::drain(std::chrono::milliseconds grace) {
  stopping = true;
  error_code ignored;
  acceptor.close(ignored);
  for (const auto& connection : connections)
    if (!connection->handling) connection->stream.close();
  const auto deadline = std::chrono::steady_clock::now() + grace;
  while (!connections.empty() && std::chrono::steady_clock::now() < deadline) {
    changed.expires_at(deadline);
    co_await changed.async_wait(into(ignored));
  }
  context.stop();
}

Server::Server(std::shared_ptr<Loop> loop) : loop_(std::move(loop)) {}

Result<std::unique_ptr<Server>> Server::open(const ServerOptions& options, Handler handler) {
  auto loop = std::make_shared<Loop>(options, std::move(handler));
  if (auto ok = loop->listen(); !ok) return fail(std::move(ok).error());
  asio::co_spawn(loop->context, loop->accept(), asio::detached);
  loop->thread = std::thread([raw = loop.get()] { raw->context.run(); });
  return std::unique_ptr<Server>(new Server(std::move(loop)));
}

Server::~Server() { stop(std::chrono::milliseconds(0)); }

std::uint16_t Server::port() const { return loop_->port; }

void Server::stop(std::chrono::milliseconds grace) {
  if (!loop_->thread.joinable()) return;
  asio::post(loop_->context,
             [loop = loop_.get(), grace] { asio::co_spawn(loop->context, loop->drain(grace), asio::detached); });
  loop_->thread.join();
}

}  // namespace okg::http
