#include "http/client/transfer.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "base/text/secret.hpp"
#include "http/client/curl_info.hpp"

namespace okg::http {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kBlanks = " \t\r\n";

}  // namespace

Transfer::Transfer(CURL* easy, const ClientRequest& request, ResponseSink& sink,
                   const curl_socket_t& socket)
    : easy_(easy),
      request_(request),
      options_(easy, request),
      sink_(sink),
      socket_(socket),
      stall_watch_(request.stall_timeout),
      pace_(request.max_bytes_per_second) {
  set_callbacks();
}

Transfer::~Transfer() { curl_easy_reset(easy_); }

void Transfer::set_callbacks() {
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, detail_.data());
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, on_request);
  curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, on_socket);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy_, CURLOPT_DEBUGFUNCTION, on_debug);
  curl_easy_setopt(easy_, CURLOPT_DEBUGDATA, this);
  curl_easy_setopt(easy_, CURLOPT_VERBOSE, 1L);  // without it, nothing is shown to on_debug
}

bool Transfer::may_connect(const std::optional<IpAddress>& address, int port) {
  if (!request_.check_address) return true;
  const auto ok =
      address ? request_.check_address(*address, static_cast<std::uint16_t>(port))
              : fail(ErrorCode::kUpstream, reason_of(TransferFault::kRefusedAddress, request_),
                     "its address is no IP address");
  if (!ok) refused_address_ = ok.error().in(redact_url(request_.url));
  return ok.has_value();
}

/// Each address of a name is asked for here before anything is sent to it.
curl_socket_t Transfer::on_socket(void* user, curlsocktype, curl_sockaddr* to) {
  // sin_port and sin6_port are at the same place.
  const auto port = ntohs(reinterpret_cast<const sockaddr_in&>(to->addr).sin_port);
  if (!static_cast<Transfer*>(user)->may_connect(IpAddress::of(to->addr), port))
    return CURL_SOCKET_BAD;
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/// Before each request: its connection may be one
/// that was made for a request without rules.
int Transfer::on_request(void* user, char* address, char*, int port, int) {
  auto& self = *static_cast<Transfer*>(user);
  if (!self.may_connect(IpAddress::parse(address), port)) {
    self.error_ = self.refused_address_;
    return CURL_PREREQFUNC_ABORT;
  }
  return CURL_PREREQFUNC_OK;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& self = *static_cast<Transfer*>(user);
  self.header_bytes_ += size * count;
  return self.take_header_line(std::string_view(data, size * count)) ? size * count : 0;
}

bool Transfer::take_header_line(std::string_view line) {
  if (header_bytes_ > kMaxHeaderBytes) {
    error_ = too_many_headers(request_);
    return false;
  }
  line = trimmed(line, kBlanks);
  if (begun_) return true;  // a trailer, which says nothing that we look at
  if (line.starts_with("HTTP/")) return take_status_line();
  if (line.empty()) in_trailers_ = true;
  const auto colon = line.find(':');
  if (in_trailers_ || colon == std::string_view::npos) return true;
  head_.headers.push_back(
      {std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1), kBlanks))});
  return true;
}

/// A 1xx or a proxy's answer may have come
/// before: only the last answer counts.
bool Transfer::take_status_line() {
  head_ = {};
  in_trailers_ = false;
  body_bytes_ = 0;
  return true;
}

int Transfer::on_debug(CURL*, curl_infotype type, char*, std::size_t size, void* user) {
  if (type == CURLINFO_DATA_IN) static_cast<Transfer*>(user)->body_bytes_ += size;
  return 0;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* user) {
  return static_cast<Transfer*>(user)->take_body(std::as_bytes(std::span(data, size * count)));
}

std::size_t Transfer::take_body(std::span<const std::byte> bytes) {
  if (!begin()) return CURL_WRITEFUNC_ERROR;
  if (pace_.is_ahead()) {
    paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  pace_.took(bytes.size());
  if (auto ok = sink_.write(bytes); !ok) {
    error_ = std::move(ok).error();
    return CURL_WRITEFUNC_ERROR;
  }
  const auto announced = announced_bytes();
  has_excess_ =
      announced && (body_bytes_ > *announced || (body_bytes_ == *announced && has_bytes_waiting()));
  return bytes.size();
}

/// The sink hears that the final answer has begun. False when it does not want the rest.
bool Transfer::begin() {
  if (begun_) return !error_;
  begun_ = true;
  head_.status = status();
  head_.body_end = body_end();
  head_.url = info_of(easy_, CURLINFO_EFFECTIVE_URL, request_.url.c_str());
  if (head_.status >= 400) error_began_ = Clock::now();
  if (auto ok = sink_.begin(head_); !ok) error_ = std::move(ok).error();
  return !error_;
}

int Transfer::status() const {
  return static_cast<int>(info_of(easy_, CURLINFO_RESPONSE_CODE, 0L));
}

/// The length of the body as its head announces it, or -1.
curl_off_t Transfer::length() const {
  return info_of(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, curl_off_t{-1});
}

BodyEnd Transfer::body_end() const {
  const auto* coding = find_header(head_.headers, "Transfer-Encoding");
  if (coding != nullptr && to_lower(*coding).ends_with("chunked")) return BodyEnd::kChunks;
  if (length() >= 0) return BodyEnd::kLength;
  return has_frames() ? BodyEnd::kStream : BodyEnd::kUnmarked;
}

/// Not of HTTP/1: they tell where a body ends, whatever its head says.
bool Transfer::has_frames() const {
  const auto version = info_of(easy_, CURLINFO_HTTP_VERSION, 0L);
  return version != CURL_HTTP_VERSION_1_0 && version != CURL_HTTP_VERSION_1_1;
}

/// The value of Content-Length; nothing without one, or where frames end the body.
std::optional<std::uint64_t> Transfer::announced_bytes() const {
  if (length() < 0 || has_frames()) return std::nullopt;
  return static_cast<std::uint64_t>(length());
}

/// True when bytes wait on the connection. Under TLS they
/// may be the protocol's own, so that nothing is known.
bool Transfer::has_bytes_waiting() const {
  const std::string_view scheme = info_of(easy_, CURLINFO_SCHEME, "");
  if (!equals_ignoring_case(scheme, "http") || socket_ == CURL_SOCKET_BAD) return false;
  char byte = 0;
  return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/// Bytes sent and received so far; nothing before there
/// is a connection, which has a time-out of its own.
std::optional<std::uint64_t> Transfer::bytes_moved() const {
  constexpr curl_off_t kNone = 0;
  if (info_of(easy_, CURLINFO_PRETRANSFER_TIME_T, kNone) == kNone) return std::nullopt;
  const auto received = info_of(easy_, CURLINFO_SIZE_DOWNLOAD_T, kNone);
  const auto sent = info_of(easy_, CURLINFO_SIZE_UPLOAD_T, kNone);
  return static_cast<std::uint64_t>(received + sent) + header_bytes_;
}

Result<milliseconds> Transfer::patience() {
  if (paused_) return pace_.rest();  // what is held back on purpose is no stall
  auto left = milliseconds::max();
  if (const auto moved = bytes_moved()) left = stall_watch_.left(*moved, Clock::now());
  if (left.count() <= 0)
    return fail(ErrorCode::kTimeout, reason_of(TransferFault::kTimeout, request_), "fewer than ",
                StallWatch::kBytesPerSecond, " bytes a second came for ",
                request_.stall_timeout.count(), " ms");
  if (const auto end = end_of_error_body())
    left = std::min(
        left, std::max(milliseconds(1), std::chrono::ceil<milliseconds>(*end - Clock::now())));
  return left;
}

/// Nothing while none is coming, or where it may take as long as it likes.
std::optional<Transfer::Clock::time_point> Transfer::end_of_error_body() const {
  if (!error_began_ || request_.error_body_timeout.count() <= 0) return std::nullopt;
  return *error_began_ + request_.error_body_timeout;
}

bool Transfer::has_enough() const {
  const auto end = end_of_error_body();
  return end && Clock::now() >= *end;
}

CURLcode Transfer::resume_when_due() {
  if (!paused_ || pace_.rest().count() > 0) return CURLE_OK;
  paused_ = false;  // the call below brings what was held back, and may pause again
  return curl_easy_pause(easy_, CURLPAUSE_CONT);
}

Result<ResponseHead> Transfer::finish(CURLcode code) {
  if (error_) return std::move(*error_);
  if (code == CURLE_COULDNT_CONNECT && refused_address_) return std::move(*refused_address_);
  if (code != CURLE_OK) return transfer_error(easy_, code, detail_.data(), request_);
  if (has_excess_)
    return fail(ErrorCode::kUnavailable, reason_of(TransferFault::kIncomplete, request_),
                redact_url(request_.url), ": more came than the ", announced_bytes().value_or(0),
                " bytes of its Content-Length; it may have changed while it was sent");
  if (!begin()) return std::move(*error_);
  return std::move(head_);
}

}  // namespace okg::http
