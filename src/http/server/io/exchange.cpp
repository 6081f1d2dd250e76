// One request and its answer: head, decision, body, handler, answer.
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/verb.hpp>

#include "http/server/io/loop.hpp"
#include "http/server/io/wire.hpp"

namespace okg::http {

class Loop::Ticket {
 public:
  Ticket(std::weak_ptr<Loop> loop, std::weak_ptr<Connection> connection)
      : loop_(std::move(loop)), connection_(std::move(connection)) {}
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  // Without memory for the answer the program ends. NOLINTNEXTLINE(bugprone-exception-escape)
  ~Ticket() {
    if (!used_)
      reply(refusal(500, "the request was dropped without an answer", Reason::kInternalError));
  }

  void reply(Decision decision) {
    if (used_.exchange(true)) return;
    const auto loop = loop_.lock();
    if (!loop) return;
    asio::post(loop->context_, [waiting = connection_, decision = std::move(decision)]() mutable {
      const auto connection = waiting.lock();
      if (!connection) return;
      connection->reply = std::move(decision);
      connection->resume();
    });
  }

 private:
  std::weak_ptr<Loop> loop_;
  std::weak_ptr<Connection> connection_;
  std::atomic<bool> used_ = false;
};

asio::awaitable<bool> Loop::serve_one(std::shared_ptr<Connection> connection) {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(options_.limits.max_header_bytes.value));
  parser.body_limit(options_.limits.max_body_bytes.value);
  if (const auto failed = co_await connection->receive_head(parser)) {
    auto refused = answer_to(failed, options_.limits);
    if (!refused) connection->close();  // nobody is there any more, or nothing was asked
    if (refused) co_await connection->write(*refused, false, false);
    co_return false;
  }
  if (auto flaw = flaw_of(parser.get())) {
    co_await connection->write(*flaw, false, false);
    co_return false;
  }
  auto request = to_request(parser.get(), connection->transport.peer());
  if (!request) {
    auto malformed = refusal(400, request.error().message, Reason::kMalformedRequest);
    co_return co_await refuse(connection, std::move(malformed), parser);
  }

  auto decision = co_await decide(connection, *request);
  if (auto* refused = std::get_if<ServerResponse>(&decision))
    co_return co_await refuse(connection, std::move(*refused), parser);
  if (const auto failed = co_await connection->receive_body(parser)) {
    auto refused = answer_to(failed, options_.limits);
    if (refused) co_await connection->write(*refused, false, false);
    if (!refused) connection->close();
    co_return false;
  }
  request->body = std::move(parser.get().body());
  auto& handler = std::get<Handler>(decision);
  auto response = co_await ask(connection, std::move(handler), *std::move(request));
  co_return co_await write(connection, std::move(response), parser);
}

/// The body of a refused request is not read: only
/// where there is none the connection goes on.
asio::awaitable<bool> Loop::refuse(std::shared_ptr<Connection> connection, ServerResponse refused,
                                   const Parser& parser) {
  if (parser.is_done()) co_return co_await write(connection, std::move(refused), parser);
  co_await connection->write(refused, false, false);
  co_return false;
}

/// Nothing when the server has stopped waiting for it.
asio::awaitable<std::optional<Decision>> Loop::reply_to(std::shared_ptr<Connection> connection) {
  while (!connection->reply && connection->transport.is_open())
    co_await connection->wait(At::kHandling);
  co_return std::exchange(connection->reply, std::nullopt);
}

asio::awaitable<Decision> Loop::decide(std::shared_ptr<Connection> connection,
                                       const ServerRequest& head) {
  {
    const auto ticket = std::make_shared<Ticket>(weak_from_this(), connection);
    choose_(head, [ticket](Decision decision) { ticket->reply(std::move(decision)); });
  }
  auto reply = co_await reply_to(connection);
  co_return reply ? *std::move(reply) : Decision(ServerResponse());
}

asio::awaitable<ServerResponse> Loop::ask(std::shared_ptr<Connection> connection, Handler handler,
                                          ServerRequest request) {
  {
    const auto ticket = std::make_shared<Ticket>(weak_from_this(), connection);
    handler(std::move(request),
            [ticket](ServerResponse response) { ticket->reply(std::move(response)); });
  }
  auto reply = co_await reply_to(connection);
  co_return reply ? std::get<ServerResponse>(*std::move(reply)) : ServerResponse();
}

asio::awaitable<void> Loop::watch_client(std::shared_ptr<Connection> connection) {
  co_await connection->watch_client();
}

asio::awaitable<bool> Loop::write(std::shared_ptr<Connection> connection, ServerResponse response,
                                  const Parser& parser) {
  const bool is_head = parser.get().method() == bhttp::verb::head;
  const bool chunked = parser.get().version() >= 11;
  bool keep_alive = parser.keep_alive() && !stopping_;
  bool written = false;
  if (response.stream && !is_head) {
    keep_alive = false;
    const std::weak_ptr<Connection> waiting = connection;
    response.stream->attach([loop = weak_from_this(), waiting] {
      if (const auto there = loop.lock())
        asio::post(there->context_, [waiting] {
          if (const auto alive = waiting.lock()) alive->resume();
        });
    });
    connection->stream = response.stream;
    asio::co_spawn(context_, watch_client(connection), asio::detached);
    written = co_await connection->write_stream(response, chunked);
    connection->transport.cancel();
  } else {
    if (response.stream) response.stream->close();
    written = co_await connection->write(response, keep_alive, is_head);
  }
  connection->at = At::kRequest;
  // The client said that nothing follows.
  if (written && !parser.keep_alive() && !connection->has_unread()) connection->close();
  co_return written&& keep_alive;
}

}  // namespace okg::http
