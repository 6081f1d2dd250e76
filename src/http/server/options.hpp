// Where the server listens, and its limits.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace okg::http {

/// docs/limits.md says what a caller sees at each limit.
struct ServerLimits {
  /// Beyond this, connections make room: first those that do not read their answers, then the one
  /// that has waited longest for (the rest of) a request. One that is being handled never does.
  std::size_t max_connections = 256;
  /// The same for the connections of one IP address, which make room among themselves.
  std::size_t max_connections_per_peer = 192;
  std::size_t max_header_bytes = 8UL * 1024;  ///< request line, headers; trailers again
  std::size_t max_body_bytes = 64UL * 1024;
  /// Between two requests. Longer than the 60 s of load balancers, which would else send a request
  /// while we close.
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds request_timeout{10'000};   ///< from a request's first byte to its last
  std::chrono::milliseconds response_timeout{10'000};  ///< for a client to read an answer
};

struct ServerOptions {
  std::string host;  ///< IP literal; empty: every address, IPv6 and IPv4
  std::uint16_t port = 0;
  ServerLimits limits;
};

}  // namespace okg::http
