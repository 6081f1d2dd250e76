// libcurl's codes in our vocabulary, with what to do
// about those that an operator can do something about.
#include <curl/curl.h>

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/client/transfer.hpp"

namespace okg::http {
namespace {

constexpr std::string_view kAsksForCertificate =
    "; it takes only callers whose certificate it trusts: give a source one with "
    "sourceCertificates, "
    "the sidecar itself one with --cert-file";

/// Whether a request went out, so that the error is the answer's.
bool was_sent(CURL* easy) {
  long request_bytes = 0;
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request_bytes);
  return request_bytes > 0;
}

/// Not so for an answer in a protocol that is none
/// of ours, which libcurl gives the same code.
bool is_scheme_refused(CURL* easy) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return !was_sent(easy) || status != 0;
}

/// What the other side has against our certificate, or that it was shown
/// none: under TLS 1.3, it says so only once our handshake is through.
/// @source RFC 8446, 6.2; ERR_reason_error_string(3)
bool refuses_our_certificate(std::string_view detail) {
  return detail.find("alert unknown ca") != std::string_view::npos ||
         (detail.find(" alert ") != std::string_view::npos &&
          detail.find("certificate") != std::string_view::npos);
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

/// As of a source: whoever calls somebody else gives the error another reason.
Reason reason_of(CURL* easy, CURLcode code) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return Reason::kSourceTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR: return Reason::kSourceTls;
    case CURLE_PARTIAL_FILE: return Reason::kSourceIncomplete;
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return status == 0 ? Reason::kSourceUnreachable : Reason::kSourceIncomplete;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR: return Reason::kSourceUnreachable;
    default: return Reason::kSourceError;
  }
}

}  // namespace

Error transfer_error(CURL* easy, CURLcode code, std::string_view detail, const std::string& what,
                     const std::string& ca_file) {
  std::string text(detail.empty() ? std::string_view(curl_easy_strerror(code)) : detail);
  if (code == CURLE_UNSUPPORTED_PROTOCOL && is_scheme_refused(easy))
    text += "; only http and https are fetched";
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    text +=
        "; the certificate does not verify: check its host name, its dates, and that its authority "
        "is one of " +
        (ca_file.empty() ? "the system's (or set caFile)" : "those in " + ca_file);
  if (refuses_our_certificate(detail))
    return {ErrorCode::kUpstream, what + ": " + text + std::string(kAsksForCertificate),
            Reason::kSourceUnauthorized};
  return {code_of(easy, code), what + ": " + text, reason_of(easy, code)};
}

}  // namespace okg::http
