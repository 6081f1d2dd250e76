// The socket of one client: TCP, or TLS on top of it. The only place
// that knows the difference, so everything that is different above it
// (when there is something to read, how it ends) is asked for here.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>

#include "http/server/io/asio.hpp"
#include "http/server/request.hpp"

namespace okg::http {

/// All on the loop's thread.
class Transport {
 public:
  /// `tls`: how to speak TLS; nullptr: not at all.
  Transport(tcp::socket accepted, std::shared_ptr<asio::ssl::context> tls);

  /// Shakes hands where TLS is spoken. Then the peer's certificate is known.
  asio::awaitable<void> open(error_code& error);
  /// Waits until a read would not wait. Needs no buffer,
  /// so that a silent client costs none. Does not wait
  /// where TLS is spoken: what comes may be no data.
  asio::awaitable<void> wait_readable(error_code& error);
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer space, error_code& error);
  /// Writes all of it.
  asio::awaitable<void> write(std::array<asio::const_buffer, 2> parts, error_code& error);

  /// Ends every wait with an error; the connection stays usable.
  void cancel();
  /// Says that nothing more is sent.
  asio::awaitable<void> end_sending();
  void close();
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  /// True when bytes of the client wait to be read, when
  /// it is gone, or when it has to be told the end.
  [[nodiscard]] bool has_unread();
  [[nodiscard]] const Peer& peer() const { return peer_; }

 private:
  tcp::socket socket_;
  Peer peer_;
  std::shared_ptr<asio::ssl::context> context_;  ///< outlives the stream
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
};

}  // namespace okg::http
