// libcurl's codes in our vocabulary, with the cure of
// those that an operator can cure.
#include <curl/curl.h>

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/text/secret.hpp"
#include "http/client/curl_info.hpp"
#include "http/client/transfer.hpp"

namespace okg::http {
namespace {

/// True when a request went out, so that the error is the answer's.
bool was_sent(CURL* easy) { return info_of(easy, CURLINFO_REQUEST_SIZE, 0L) > 0; }

/// Not so for an answer in a protocol that is none
/// of ours, which libcurl gives the same code.
bool is_scheme_refused(CURL* easy) {
  return !was_sent(easy) || info_of(easy, CURLINFO_RESPONSE_CODE, 0L) != 0;
}

/// The other side refuses our certificate, or was shown none:
/// under TLS 1.3, it says so only once our handshake is through.
/// @source RFC 8446, 6.2; ERR_reason_error_string(3)
bool refuses_our_certificate(std::string_view detail) {
  return detail.find("alert unknown ca") != std::string_view::npos ||
         (detail.find(" alert ") != std::string_view::npos &&
          detail.find("certificate") != std::string_view::npos);
}

/// libcurl keeps the headers of HTTP/2 until they are all there, and ends
/// the session once they are too many, before anybody else has seen them.
/// @source lib/http2.c on_header(), DYN_H2_HEADERS; nghttp2's NGHTTP2_ERR_CALLBACK_FAILURE
bool has_too_many_headers(std::string_view detail) {
  return detail.find("nghttp2_session_mem_recv() returned -902") != std::string_view::npos;
}

ErrorCode code_of(CURL* easy, CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return was_sent(easy) ? ErrorCode::kUpstream : ErrorCode::kInvalid;
    case CURLE_OPERATION_TIMEDOUT: return ErrorCode::kTimeout;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SSL_CONNECT_ERROR:  // cut in the handshake; a certificate that does not verify is
                                   // another code
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return ErrorCode::kUnavailable;
    default: return ErrorCode::kUpstream;
  }
}

TransferFault fault_of(CURL* easy, CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return TransferFault::kTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR: return TransferFault::kTls;
    case CURLE_PARTIAL_FILE: return TransferFault::kIncomplete;
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return info_of(easy, CURLINFO_RESPONSE_CODE, 0L) == 0 ? TransferFault::kUnreachable
                                                            : TransferFault::kIncomplete;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR: return TransferFault::kUnreachable;
    default: return TransferFault::kOther;
  }
}

std::string authorities_of(const ClientRequest& request) {
  if (!request.ca_file.empty()) return "those in " + request.ca_file;
  if (request.ca_setting.empty()) return "the system's";
  return concat("the system's (or set ", request.ca_setting, ")");
}

/// The cure, to follow the words of libcurl.
std::string advice_on(CURL* easy, CURLcode code, std::string_view detail,
                      const ClientRequest& request) {
  const auto says = [&](std::string_view words) {
    return detail.find(words) != std::string_view::npos;
  };
  if (says("HTTP/0.9"))
    return "; what answers there speaks no HTTP: check the port, and whether it wants https";
  if (says("wrong version number") || says("packet length too long"))
    return "; what answers there speaks no TLS: check the port, and whether it wants http";
  if (code == CURLE_UNSUPPORTED_PROTOCOL && is_scheme_refused(easy))
    return "; only http and https are fetched";
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    return "; the certificate does not verify: check its host name, its dates, and that its "
           "authority is one of " +
           authorities_of(request);
  return {};
}

Error refused_certificate(const std::string& said, const ClientRequest& request) {
  const auto setting = request.certificate_setting;
  const auto error =
      fail(ErrorCode::kUpstream, reason_of(TransferFault::kRefusedCertificate, request), said,
           "; it takes only callers whose certificate it trusts");
  return setting.empty()
             ? error
             : fail(error.code, error.reason, error.message, ": give it one with ", setting);
}

}  // namespace

Error too_many_headers(const ClientRequest& request) {
  return fail(ErrorCode::kUpstream, reason_of(TransferFault::kOther, request),
              redact_url(request.url), ": more than ", kMaxHeaderBytes >> 10U,
              " KiB of headers and trailers came");
}

Error transfer_error(CURL* easy, CURLcode code, std::string_view detail,
                     const ClientRequest& request) {
  if (has_too_many_headers(detail)) return too_many_headers(request);
  const std::string_view words = detail.empty() ? curl_easy_strerror(code) : detail;
  const auto said =
      concat(redact_url(request.url), ": ", words, advice_on(easy, code, detail, request));
  if (refuses_our_certificate(detail)) return refused_certificate(said, request);
  return fail(code_of(easy, code), reason_of(fault_of(easy, code), request), said);
}

}  // namespace okg::http
