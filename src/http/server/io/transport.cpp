#include "http/server/io/transport.hpp"

#include <fcntl.h>

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "http/server/io/client_certificate.hpp"
#include "http/server/io/tls.hpp"

namespace okg::http {
namespace {

/// Bytes that the kernel holds for a client that does not read. They count
/// against the memory limit of the container, and the kernel's own
/// default grows to megabytes. @source tcp(7), tcp_wmem
constexpr int kSendBufferBytes = 64 * 1024;

Peer peer_of(const tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return {};
  auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return {address.to_string(), endpoint.port()};
}

}  // namespace

Transport::Transport(tcp::socket accepted, std::shared_ptr<asio::ssl::context> tls)
    : socket_(std::move(accepted)), peer_(peer_of(socket_)), context_(std::move(tls)) {
  if (context_) tls_.emplace(socket_, *context_);

  // Each of these is a wish: the connection works without it.
  error_code ignored;
  ::fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.set_option(tcp::socket::send_buffer_size(kSendBufferBytes), ignored);
}

asio::awaitable<void> Transport::open(error_code& error) {
  if (!tls_) co_return;
  co_await tls_->async_handshake(asio::ssl::stream_base::server, into(error));
  if (!error) peer_.certificate_names = certificate_names(tls_->native_handle());
}

asio::awaitable<void> Transport::wait_readable(error_code& error) {
  if (tls_) co_return;
  co_await socket_.async_wait(tcp::socket::wait_read, into(error));
}

asio::awaitable<std::size_t> Transport::read_some(asio::mutable_buffer space, error_code& error) {
  if (tls_) co_return co_await tls_->async_read_some(space, into(error));
  co_return co_await socket_.async_read_some(space, into(error));
}

asio::awaitable<void> Transport::write(std::array<asio::const_buffer, 2> parts, error_code& error) {
  if (tls_)
    co_await asio::async_write(*tls_, parts, into(error));
  else
    co_await asio::async_write(socket_, parts, into(error));
}

void Transport::cancel() {
  error_code ignored;
  socket_.cancel(ignored);
}

asio::awaitable<void> Transport::end_sending() {
  error_code ignored;
  if (tls_) co_await tls_->async_shutdown(into(ignored));
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void Transport::close() {
  error_code ignored;
  socket_.close(ignored);
}

bool Transport::has_unread() {
  error_code error;
  return tls_ || socket_.available(error) > 0 || error;
}

}  // namespace okg::http
