// The one HTTP client, on libcurl: downloads of updates,
// calls of the API server, the game's reload endpoint.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>

#include "base/error.hpp"
#include "http/client/request.hpp"

namespace okg::http {

/// To be called once, before there are threads. Has HTTP_PROXY
/// count like http_proxy where only the former is set, as Go
/// and wget do; libcurl does not, for the sake of CGI programs.
/// @source CURLOPT_PROXY(3), https://httpoxy.org
void prepare_process();

/// Keeps connections alive between calls, but none after a call
/// that failed on one: the next call makes a new one, and looks
/// the name up again. One thread at a time. Follows no redirects.
/// No proxied TLS connection is made without verifying the peer.
///
/// Errors of both calls: kUnavailable (name not found, refused, unreachable,
/// cut in the middle, more bytes than announced), kTimeout (any of the three
/// time-outs), kUpstream (TLS not verified, not HTTP), kInvalid (URL or scheme), kStopping
/// (`stop`). A status of 400 or more is an answer, not an error.
class Client {
 public:
  Client();
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// Streams the answer into `sink`; returns at the end of
  /// the body. Ends within milliseconds of a `stop` request.
  Result<ResponseHead> send(const ClientRequest& request, ResponseSink& sink,
                            std::stop_token stop = {});
  /// The same, with the body kept in memory; kRefused
  /// when it is longer than `max_body_bytes`.
  Result<Response> send(const ClientRequest& request, std::size_t max_body_bytes,
                        std::stop_token stop = {});

  /// Opens a TCP connection to "HOST:PORT" and closes it. Errors as above.
  Result<void> connect(const std::string& address, std::chrono::milliseconds timeout,
                       std::stop_token stop = {});

 private:
  struct Handles;
  std::unique_ptr<Handles> handles_;
};

}  // namespace okg::http
