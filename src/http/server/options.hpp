// Where the server listens, and its limits.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace okg::http {

struct ServerOptions {
  std::string host;  ///< IP literal; empty: every address, IPv6 and IPv4
  std::uint16_t port = 0;
  std::size_t max_header_bytes = 8 * 1024;
  std::size_t max_body_bytes = 64 * 1024;
  /// Beyond this the connection that has been waiting longest for (the rest of) a request makes
  /// room. One whose request is being handled never does.
  std::size_t max_connections = 256;
  std::chrono::milliseconds idle_timeout{60'000};  ///< between two requests
  std::chrono::milliseconds request_timeout{
      10'000};  ///< from the connection, or a request's first byte, to its last
  std::chrono::milliseconds write_timeout{10'000};
};

}  // namespace okg::http
