// The socket of one client: plain TCP today. The only place where TLS will land, so everything
// that is different above TLS (when there is something to read, how it ends) is asked for here.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>

#include "http/server/asio.hpp"
#include "http/server/request.hpp"

namespace okg::http {

/// All on the loop's thread.
class Transport {
 public:
  explicit Transport(tcp::socket accepted);

  /// Waits until a read would not wait. Needs no buffer, so that a silent client costs none.
  asio::awaitable<void> wait_readable(error_code& error);
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer space, error_code& error);
  /// Writes all of it.
  asio::awaitable<void> write(std::array<asio::const_buffer, 2> parts, error_code& error);

  /// Ends every wait with an error; the connection stays usable.
  void cancel();
  /// Says that nothing more is sent.
  void end_sending();
  void close();
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  /// Whether the client has sent what nobody has read yet, or is gone.
  [[nodiscard]] bool has_unread();
  [[nodiscard]] const Peer& peer() const { return peer_; }

 private:
  tcp::socket socket_;
  Peer peer_;
};

}  // namespace okg::http
