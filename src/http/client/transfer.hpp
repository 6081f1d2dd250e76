// One transfer of libcurl, and what the callbacks make of its answer.
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "http/client/pace.hpp"
#include "http/client/request.hpp"
#include "http/client/stall_watch.hpp"
#include "http/client/transfer_options.hpp"

namespace okg::http {

/// All headers of a transfer together, with those
/// of 1xx answers and with trailers.
inline constexpr std::size_t kMaxHeaderBytes = std::size_t{64} << 10U;

/// Lives as long as its transfer. Takes what it
/// lent to the handle off it again at its end.
///
/// A body that is longer than its Content-Length has changed while it was sent,
/// and must not be taken. libcurl drops the excess without a word, so that two
/// things are looked at: how many bytes of body the debug callback saw in the
/// same read (`body_bytes_`), and whether more bytes wait on the connection
/// (`has_bytes_waiting`), whose number libcurl tells only by way of its fd_set.
class Transfer {
 public:
  using Clock = std::chrono::steady_clock;

  /// All references outlive the transfer. `socket`: of its connection, once there is one.
  Transfer(CURL* easy, const ClientRequest& request, ResponseSink& sink,
           const curl_socket_t& socket);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// How long it may be left alone. Errors: kTimeout, it has stalled.
  Result<std::chrono::milliseconds> patience();
  /// True when the body of an error took too long:
  /// the part that came has to do.
  [[nodiscard]] bool has_enough() const;
  /// Goes on when it was held back on purpose for long enough.
  CURLcode resume_when_due();
  /// The result, once libcurl is done with `code`.
  Result<ResponseHead> finish(CURLcode code);
  /// True when its connection must not be used again, although libcurl would.
  [[nodiscard]] bool has_spoilt_connection() const { return has_excess_; }

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user);
  static int on_debug(CURL*, curl_infotype type, char*, std::size_t size, void* user);
  static int on_request(void* user, char* address, char*, int port, int);
  static curl_socket_t on_socket(void* user, curlsocktype, curl_sockaddr* to);

  void set_callbacks();
  [[nodiscard]] bool may_connect(const std::optional<IpAddress>& address, int port);
  [[nodiscard]] bool take_header_line(std::string_view line);
  [[nodiscard]] bool take_status_line();
  [[nodiscard]] bool begin();
  [[nodiscard]] std::size_t take_body(std::span<const std::byte> bytes);
  [[nodiscard]] int status() const;
  [[nodiscard]] curl_off_t length() const;
  [[nodiscard]] bool has_frames() const;
  [[nodiscard]] BodyEnd body_end() const;
  [[nodiscard]] std::optional<std::uint64_t> announced_bytes() const;
  [[nodiscard]] std::optional<std::uint64_t> bytes_moved() const;
  [[nodiscard]] bool has_bytes_waiting() const;
  [[nodiscard]] std::optional<Clock::time_point> end_of_error_body() const;

  CURL* easy_;
  const ClientRequest& request_;
  TransferOptions options_;
  ResponseSink& sink_;
  const curl_socket_t& socket_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  StallWatch stall_watch_;
  Pace pace_;
  bool paused_ = false;
  ResponseHead head_;
  std::size_t header_bytes_ = 0;
  bool in_trailers_ = false;  ///< the headers of the answer of now have ended
  bool begun_ = false;
  std::optional<Clock::time_point> error_began_;  ///< the body of an answer of 400 or more
  std::optional<Error> error_;                    ///< the sink's, or of a callback
  std::optional<Error> refused_address_;
  std::uint64_t body_bytes_ = 0;
  bool has_excess_ = false;
};

/// More headers and trailers than kMaxHeaderBytes came.
Error too_many_headers(const ClientRequest& request);
/// The meaning of `code` to a caller, in words for an operator.
Error transfer_error(CURL* easy, CURLcode code, std::string_view detail,
                     const ClientRequest& request);

}  // namespace okg::http
