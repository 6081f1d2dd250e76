// Requests to the client and its answers: plain data, and
// the seam to the reader of a body.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/error.hpp"
#include "http/ip_address.hpp"
#include "http/message.hpp"

namespace okg::http {

/// Passes for an address that a socket may connect to. An error
/// ends the transfer, unless the name has other addresses.
using CheckAddress = std::function<Result<void>(const IpAddress& address, std::uint16_t port)>;

/// The kinds of failure of a transfer.
enum class TransferFault {
  kUnreachable,  ///< no connection, or it was cut before an answer began
  kTimeout,
  kTls,
  kIncomplete,          ///< the answer was cut, or is longer than announced
  kRefusedCertificate,  ///< the other side does not trust our certificate, or misses it
  kRefusedAddress,      ///< check_address cannot judge it: it is no IP address
  kOther,
};

struct ClientRequest {
  std::string method = "GET";
  std::string url;  ///< http or https
  Headers headers;
  std::string body;
  std::string ca_file;  ///< PEM; empty: the system's
  /// The keys by which an operator sets `ca_file` and our
  /// certificate, for messages; empty: there is none.
  std::string_view ca_setting{};
  std::string_view certificate_setting{};
  /// False for a program that asks itself: whoever
  /// answers is believed, so nothing secret may be sent.
  bool verify_peer = true;
  /// False: a certificate counts whatever name it has, where
  /// `ca_file` is the certificate that the server is to show.
  bool verify_name = true;
  std::string certificate_file{};  ///< that we show, PEM; empty: none
  std::string key_file{};          ///< of certificate_file, PEM
  std::string certificate_pem{};   ///< that we show, with its chain; empty: none
  std::string key_pem{};           ///< of certificate_pem
  bool use_proxy = true;           ///< honour the environment's proxies, see prepare_process()
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{0};  ///< 0: none
  /// Fewer than 16 bytes a second for this long; 0: none.
  std::chrono::milliseconds stall_timeout{0};
  /// The body of an answer of 400 or more is
  /// cut off after this long. 0: never.
  std::chrono::milliseconds error_body_timeout{0};
  std::uint64_t max_bytes_per_second = 0;  ///< 0: unlimited
  CheckAddress check_address{};            ///< empty: anywhere
  /// The reasons that errors have; nullptr: none, and the caller adds one.
  Reason (*reason_of)(TransferFault) = nullptr;
};

[[nodiscard]] inline Reason reason_of(TransferFault fault, const ClientRequest& request) {
  return request.reason_of == nullptr ? Reason::kNone : request.reason_of(fault);
}

/// How the end of a body is told from a connection that was cut.
enum class BodyEnd {
  kLength,    ///< `Content-Length` bytes came
  kChunks,    ///< the last chunk came
  kStream,    ///< the stream of HTTP/2 ended
  kUnmarked,  ///< not at all: HTTP/1 ends it with the connection
};

/// Status and headers of the final answer. A redirect is an answer like any other.
struct ResponseHead {
  int status = 0;
  Headers headers;
  std::string url;  ///< where the answer came from
  BodyEnd body_end = BodyEnd::kUnmarked;
};

/// Takes an answer as it arrives. An error returned from
/// here ends the transfer and is what send() returns.
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

}  // namespace okg::http
