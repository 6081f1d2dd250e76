#include "http/client/transfer.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string_view>
#include <utility>

#include "base/secret.hpp"
#include "base/text.hpp"

namespace okg::http {
namespace {

using std::chrono::milliseconds;

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

Transfer::Transfer(CURL* easy, const ClientRequest& request, ResponseSink& sink,
                   const curl_socket_t& socket)
    : easy_(easy),
      request_(request),
      sink_(sink),
      socket_(socket),
      stall_watch_(request.stall_timeout),
      pace_(request.max_bytes_per_second) {
  curl_easy_reset(easy_);
  set_url();
  set_headers();
  set_method_and_body();
  set_trust();
  set_callbacks();
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request_.connect_timeout.count()));
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.total_timeout.count()));
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, 128L * 1024L);
  // Load balancers forget connections that were idle for a minute, some without a word.
  curl_easy_setopt(easy_, CURLOPT_MAXAGE_CONN, 50L);
}

Transfer::~Transfer() { curl_easy_reset(easy_); }

void Transfer::set_url() {
  curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  if (!request_.use_proxy) curl_easy_setopt(easy_, CURLOPT_PROXY, "");
}

void Transfer::set_headers() {
  const auto append = [&](const std::string& line) {
    auto* longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) std::abort();
    (void)headers_.release();
    headers_.reset(longer);
  };
  for (const auto& header : request_.headers) append(header.name + ": " + header.value);
  append("Expect:");  // no 100-continue round trip before a body
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, "okg-sidecar");
}

void Transfer::set_method_and_body() {
  const auto& method = request_.method;
  if (!request_.body.empty() || method == "POST" || method == "PATCH" || method == "PUT") {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  if (method == "HEAD")
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  else if (method != "GET")
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void Transfer::set_blob(CURLoption option, const std::string& text) {
  if (text.empty()) return;
  curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
  curl_easy_setopt(easy_, option, &blob);
}

void Transfer::set_trust() {
  if (!request_.verify_peer) {
    curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!request_.verify_name) curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 0L);
  if (!request_.certificate_file.empty())
    curl_easy_setopt(easy_, CURLOPT_SSLCERT, request_.certificate_file.c_str());
  if (!request_.key_file.empty())
    curl_easy_setopt(easy_, CURLOPT_SSLKEY, request_.key_file.c_str());
  // libcurl uses no connection and no session again that another certificate was shown to.
  set_blob(CURLOPT_SSLCERT_BLOB, request_.certificate_pem);
  set_blob(CURLOPT_SSLKEY_BLOB, request_.key_pem);
  if (request_.ca_file.empty()) return;
  curl_easy_setopt(easy_, CURLOPT_CAINFO, request_.ca_file.c_str());
  curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
  // Kept for a day otherwise: a cluster that changes its authority changes this file.
  // @source CURLOPT_CA_CACHE_TIMEOUT(3)
  curl_easy_setopt(easy_, CURLOPT_CA_CACHE_TIMEOUT, 0L);
}

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
  const auto ok = address ? request_.check_address(*address, static_cast<std::uint16_t>(port))
                          : fail(ErrorCode::kUpstream, Reason::kSourceNotAllowed,
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
    error_ = fail(ErrorCode::kUpstream, Reason::kSourceError,
                  redact_url(request_.url) + ": more than " +
                      std::to_string(kMaxHeaderBytes >> 10U) + " KiB of headers and trailers came");
    return false;
  }
  line = trimmed(line);
  if (begun_) return true;  // a trailer, which says nothing that we look at
  if (line.starts_with("HTTP/")) return take_status_line();
  if (line.empty()) in_trailers_ = true;
  const auto colon = line.find(':');
  if (in_trailers_ || colon == std::string_view::npos) return true;
  head_.headers.push_back(
      {std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
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
  const char* url = nullptr;
  curl_easy_getinfo(easy_, CURLINFO_EFFECTIVE_URL, &url);
  head_.url = url == nullptr ? request_.url : url;
  if (head_.status >= 400) error_began_ = Clock::now();
  if (auto ok = sink_.begin(head_); !ok) error_ = std::move(ok).error();
  return !error_;
}

int Transfer::status() const {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

BodyEnd Transfer::body_end() const {
  const auto* coding = find_header(head_.headers, "Transfer-Encoding");
  if (coding != nullptr && to_lower(*coding).ends_with("chunked")) return BodyEnd::kChunks;
  curl_off_t length = -1;
  curl_easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  return length >= 0 ? BodyEnd::kLength : BodyEnd::kUnmarked;
}

/// What Content-Length says; nothing without one, or where frames tell where a body ends.
std::optional<std::uint64_t> Transfer::announced_bytes() const {
  long version = 0;
  curl_off_t length = -1;
  curl_easy_getinfo(easy_, CURLINFO_HTTP_VERSION, &version);
  curl_easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length < 0 || (version != CURL_HTTP_VERSION_1_0 && version != CURL_HTTP_VERSION_1_1))
    return std::nullopt;
  return static_cast<std::uint64_t>(length);
}

/// Whether bytes wait on the connection. Under TLS they
/// may be the protocol's own, so that nothing is known.
bool Transfer::has_bytes_waiting() const {
  const char* scheme = nullptr;
  curl_easy_getinfo(easy_, CURLINFO_SCHEME, &scheme);
  if (scheme == nullptr || !equals_ignoring_case(scheme, "http") || socket_ == CURL_SOCKET_BAD)
    return false;
  char byte = 0;
  return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/// Bytes sent and received so far; nothing before there
/// is a connection, which has a time-out of its own.
std::optional<std::uint64_t> Transfer::bytes_moved() const {
  curl_off_t connected = 0;
  curl_off_t received = 0;
  curl_off_t sent = 0;
  curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &connected);
  curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &received);
  curl_easy_getinfo(easy_, CURLINFO_SIZE_UPLOAD_T, &sent);
  if (connected == 0) return std::nullopt;
  return static_cast<std::uint64_t>(received + sent) + header_bytes_;
}

Result<milliseconds> Transfer::patience() {
  if (paused_) return pace_.rest();  // what is held back on purpose is no stall
  auto left = milliseconds::max();
  if (const auto moved = bytes_moved()) left = stall_watch_.left(*moved, Clock::now());
  if (left.count() <= 0)
    return fail(ErrorCode::kTimeout, Reason::kSourceTimeout,
                "fewer than " + std::to_string(StallWatch::kBytesPerSecond) +
                    " bytes a second came for " + std::to_string(request_.stall_timeout.count()) +
                    " ms");
  if (error_began_ && request_.error_body_timeout.count() > 0)
    left = std::min(
        left,
        std::max(milliseconds(1), std::chrono::ceil<milliseconds>(
                                      *error_began_ + request_.error_body_timeout - Clock::now())));
  return left;
}

bool Transfer::has_enough() const {
  return error_began_ && request_.error_body_timeout.count() > 0 &&
         Clock::now() >= *error_began_ + request_.error_body_timeout;
}

CURLcode Transfer::resume_when_due() {
  if (!paused_ || pace_.rest().count() > 0) return CURLE_OK;
  paused_ = false;  // the call below brings what was held back, and may pause again
  return curl_easy_pause(easy_, CURLPAUSE_CONT);
}

Result<ResponseHead> Transfer::finish(CURLcode code) {
  if (error_) return std::move(*error_);
  if (code == CURLE_COULDNT_CONNECT && refused_address_) return std::move(*refused_address_);
  if (code != CURLE_OK)
    return transfer_error(easy_, code, detail_.data(), redact_url(request_.url), request_.ca_file);
  if (has_excess_)
    return fail(ErrorCode::kUnavailable, Reason::kSourceIncomplete,
                redact_url(request_.url) + ": more came than the " +
                    std::to_string(announced_bytes().value_or(0)) +
                    " bytes of its Content-Length; it may have changed while it was sent");
  if (!begin()) return std::move(*error_);
  return std::move(head_);
}

}  // namespace okg::http
