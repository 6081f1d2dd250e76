// Where the server listens, and its limits.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/setting.hpp"

namespace okg::http {

/// docs/limits.md says what a caller sees at each limit.
struct ServerLimits {
  /// Beyond this, connections make room: first those that do not
  /// read their answers, then the one that has waited longest for
  /// (the rest of) a request. One that is being handled never does.
  Setting<std::size_t> max_connections{256};
  /// The same for the connections of one IP address, which make room among themselves.
  Setting<std::size_t> max_connections_per_peer{192};
  Setting<std::size_t> max_header_bytes{8UL * 1024};  ///< request line, headers; trailers again
  Setting<std::size_t> max_body_bytes{64UL * 1024};
  /// Between two requests. Longer than the 60 s of load
  /// balancers, which would else send a request while we close.
  std::chrono::milliseconds idle_timeout{75'000};
  /// From a request's first byte to its last.
  Setting<std::chrono::milliseconds> request_timeout{std::chrono::seconds(10)};
  std::chrono::milliseconds response_timeout{10'000};  ///< for a client to read an answer
  /// An answer that is not out after this time has a client that does not read. No key.
  std::chrono::milliseconds slow_reader{1'000};
  /// Connections beyond the limits, only there to be told 503. No key.
  std::size_t max_turned_away = 16;
  /// How long, and for how much, a connection is still read after its last answer:
  /// closing with unread bytes resets it, and the answer would be lost. No keys.
  std::chrono::milliseconds linger{2'000};
  std::size_t linger_bytes = 1024UL * 1024;
};

enum class TlsVersion {
  k12,  ///< TLS 1.2 and later.
  k13,  ///< TLS 1.3 and later.
};

/// All files are PEM.
struct TlsOptions {
  std::filesystem::path certificate_file;  ///< with the chain behind it
  std::filesystem::path key_file;
  TlsVersion min_version = TlsVersion::k12;
  std::filesystem::path client_ca_file{};  ///< empty: no certificate is asked for
  /// Called on the server's thread whenever changed files
  /// were read: with what is wrong with them, or nothing.
  std::function<void(const Result<void>& read)> on_read{};
};

struct ServerOptions {
  std::string host;  ///< IP literal; empty: every address, IPv6 and IPv4
  std::uint16_t port = 0;
  ServerLimits limits;
  std::optional<TlsOptions> tls{};  ///< nothing: plain TCP
};

}  // namespace okg::http
