// Accepts connections, drops them, and acts on deadlines.
#include "http/server/io/loop.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <exception>

#include "http/server/io/listener.hpp"

namespace okg::http {
namespace {

constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::hours kMaxGrace{24};

}  // namespace

Result<void> Loop::open() {
  if (options_.tls) {
    auto tls = Tls::open(*options_.tls);
    if (!tls) return tls.error();
    tls_ = std::move(*tls);
  }
  if (auto ok = listen(acceptor_, options_); !ok) return ok;
  port_ = acceptor_.local_endpoint().port();
  return alarm_.open();
}

void Loop::start() {
  asio::co_spawn(context_, accept(), asio::detached);
  asio::co_spawn(context_, watch(), asio::detached);
  thread_ = std::thread([this] { context_.run(); });
}

asio::awaitable<void> Loop::accept() {
  for (;;) {
    error_code error;
    auto socket = co_await acceptor_.async_accept(into(error));
    if (stopping_ || error == asio::error::operation_aborted) co_return;
    if (!error) {
      take_in(std::move(socket));
      continue;
    }
    // A listener without descriptors stays readable: going on at once would spin.
    if (error == asio::error::no_descriptors && crowd_.make_room()) continue;
    accept_again_at_ = Clock::now() + kAcceptPause;
    alarm_.set_if_earlier(accept_again_at_);
    co_return;
  }
}

void Loop::accept_again() {
  if (stopping_ || accept_again_at_ == kNever) return;
  accept_again_at_ = kNever;
  asio::co_spawn(context_, accept(), asio::detached);
}

void Loop::take_in(tcp::socket socket) {
  auto connection = std::make_shared<Connection>(
      std::move(socket), tls_ ? tls_->context() : nullptr, options_.limits, alarm_);
  const auto reason = crowd_.make_room_for(connection->transport.peer());
  connection->is_turned_away = reason.has_value();
  const auto position = crowd_.add(std::move(connection));
  if (reason)
    asio::co_spawn(context_, turn_away(position, *reason), asio::detached);
  else
    asio::co_spawn(context_, serve(position), asio::detached);
}

/// Acts on deadlines, until the alarm is closed.
asio::awaitable<void> Loop::watch() {
  for (;;) {
    error_code error;
    co_await alarm_.wait(error);
    if (error) co_return;
    const auto now = Clock::now();
    const bool gives_up = now >= stop_at_;
    if (gives_up) stop_at_ = kNever;
    if (now >= accept_again_at_) accept_again();
    auto next = std::min(stop_at_, accept_again_at_);
    for (const auto& connection : crowd_) {
      if (gives_up) {
        connection->close();
        asio::post(context_, [connection] { connection->resume(); });
      } else if (now >= connection->deadline) {
        expire(connection);
      }
      next = std::min(next, connection->deadline);
    }
    alarm_.set(next);
  }
}

void Loop::expire(const std::shared_ptr<Connection>& connection) {
  connection->deadline = kNever;
  if (connection->at == At::kWriting) return connection->close();
  connection->expired = true;
  connection->transport.cancel();
}

void Loop::drain(std::chrono::milliseconds grace) {
  stopping_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  accept_again_at_ = kNever;
  for (const auto& connection : crowd_) {
    if (connection->at == At::kRequest || connection->at == At::kLeaving) connection->close();
    if (connection->stream) connection->stream->close();  // its client gets the end of it
  }
  stop_at_ = Clock::now() + std::min<std::chrono::milliseconds>(grace, kMaxGrace);
  if (crowd_.empty())
    alarm_.close();
  else
    alarm_.set_if_earlier(stop_at_);
}

asio::awaitable<void> Loop::serve(Crowd::Position position) {
  const auto connection = *position;
  try {
    for (bool more = co_await connection->open(); more && !stopping_;) {
      crowd_.waits_again(position);
      more = co_await serve_one(connection);
    }
    co_await connection->leave(stopping_);
  } catch (const std::exception&) {
    // No memory for this one; the others go on.
  }
  remove(position);
}

asio::awaitable<void> Loop::turn_away(Crowd::Position position, std::string reason) {
  const auto connection = *position;
  try {
    auto busy = refusal(503, reason, Reason::kTooManyConnections);
    busy.headers.push_back({"Retry-After", "1"});
    if (co_await connection->open()) co_await connection->write(busy, false, false);
    co_await connection->leave(stopping_);
  } catch (const std::exception&) {
    // As above.
  }
  remove(position);
}

void Loop::remove(Crowd::Position position) {
  (*position)->close();
  crowd_.remove(position);
  accept_again();
  if (!crowd_.empty()) return;
  if (stopping_)
    alarm_.close();  // the last work there was: run() returns
  else
    alarm_.set(kNever);
}

void Loop::stop(std::chrono::milliseconds grace) {
  if (!thread_.joinable()) return;
  asio::post(context_, [this, grace] { drain(grace); });
  thread_.join();
  choose_ = nullptr;  // what it refers to may go now, whoever still holds a Respond
}

}  // namespace okg::http
