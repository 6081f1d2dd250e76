// The one HTTP client, on libcurl: downloads of updates, calls of the API server, the game's reload
// endpoint.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "base/error.hpp"
#include "http/message.hpp"

namespace okg::http {

struct ClientRequest {
  std::string method = "GET";
  std::string url;  ///< http or https
  Headers headers;
  std::string body;
  std::string ca_file;    ///< PEM; empty: the system's
  bool use_proxy = true;  ///< honour http_proxy, https_proxy and no_proxy
  int max_redirects =
      0;  ///< 0: a redirect is an answer like any other. From https only https is followed.
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{0};  ///< 0: none
  std::chrono::milliseconds stall_timeout{
      0};                                  ///< fewer than 16 bytes a second for this long; 0: none
  std::uint64_t max_bytes_per_second = 0;  ///< 0: unlimited
};

/// Status and headers of the final answer (after redirects).
struct ResponseHead {
  int status = 0;
  Headers headers;
};

/// Takes an answer as it arrives. An error returned from here ends the transfer and is what send()
/// returns.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  /// Once, before the first byte of the body (also when there is none).
  virtual Result<void> begin(const ResponseHead& head) = 0;
  virtual Result<void> write(std::span<const std::byte> bytes) = 0;
};

struct Response {
  ResponseHead head;
  std::string body;
};

/// Keeps connections alive between calls. One thread at a time. No redirected or proxied TLS
/// connection is made without verifying the peer.
///
/// Errors of both calls: kUnavailable (name not found, refused, unreachable, cut in the middle,
/// more bytes than announced), kTimeout (any of the three time-outs), kUpstream (TLS not verified,
/// too many redirects, a redirect from https to http, not HTTP), kInvalid (URL or scheme),
/// kStopping (`stop`). A status of 400 or more is an answer, not an error.
class Client {
 public:
  Client();
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// Streams the answer into `sink`; returns at the end of the body. Ends within milliseconds of a
  /// `stop` request.
  Result<ResponseHead> send(const ClientRequest& request, ResponseSink& sink,
                            std::stop_token stop = {});
  /// The same, with the body kept in memory; kRefused when it is longer than `max_body_bytes`.
  Result<Response> send(const ClientRequest& request, std::size_t max_body_bytes,
                        std::stop_token stop = {});

  /// Whether "HOST:PORT" takes TCP connections: opens one and closes it. Errors as above.
  Result<void> connect(const std::string& address, std::chrono::milliseconds timeout,
                       std::stop_token stop = {});

 private:
  struct Handles;
  std::unique_ptr<Handles> handles_;
};

/// Seconds since 1970 of "Tue, 24 Nov 2026 16:11:31 GMT"; nothing when it is no date.
std::optional<std::int64_t> parse_http_date(const std::string& text);

}  // namespace okg::http
