#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "http/client/transfer.hpp"

namespace okg::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// A reason for each fault.
Reason reason_for(TransferFault fault) {
  switch (fault) {
    case TransferFault::kUnreachable: return Reason::kSourceUnreachable;
    case TransferFault::kTimeout: return Reason::kSourceTimeout;
    case TransferFault::kTls: return Reason::kSourceTls;
    case TransferFault::kIncomplete: return Reason::kSourceIncomplete;
    case TransferFault::kRefusedCertificate: return Reason::kSourceUnauthorized;
    case TransferFault::kRefusedAddress: return Reason::kSourceNotAllowed;
    case TransferFault::kOther: break;
  }
  return Reason::kSourceError;
}

/// Of a transfer whose request never went out.
class TransferErrorTest : public testing::Test {
 protected:
  TransferErrorTest() {
    request_.url = "https://h/a";
    request_.reason_of = reason_for;
  }
  [[nodiscard]] Error error_of(CURLcode code, std::string_view detail = "") const {
    return transfer_error(easy_.get(), code, detail, request_);
  }
  [[nodiscard]] std::string words_of(CURLcode code, std::string_view detail = "") const {
    return error_of(code, detail).message;
  }

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_{curl_easy_init(), curl_easy_cleanup};
  ClientRequest request_;
};

TEST_F(TransferErrorTest, says_the_url_and_the_detail_of_libcurl) {
  EXPECT_EQ(words_of(CURLE_COULDNT_CONNECT, "Connection refused"),
            "https://h/a: Connection refused");
}

TEST_F(TransferErrorTest, says_the_words_of_the_code_where_there_is_no_detail) {
  EXPECT_EQ(words_of(CURLE_GOT_NOTHING),
            std::string("https://h/a: ") + curl_easy_strerror(CURLE_GOT_NOTHING));
}

TEST_F(TransferErrorTest, masks_the_secrets_of_the_url) {
  request_.url = "https://user:s3cret@h/a?token=s3cret";
  EXPECT_THAT(words_of(CURLE_COULDNT_CONNECT), Not(HasSubstr("s3cret")));
  EXPECT_THAT(too_many_headers(request_).message, Not(HasSubstr("s3cret")));
}

TEST_F(TransferErrorTest, is_worth_another_attempt_where_the_connection_failed) {
  for (const auto code :
       {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
        CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SSL_CONNECT_ERROR, CURLE_SEND_ERROR,
        CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM})
    EXPECT_EQ(error_of(code).code, ErrorCode::kUnavailable) << code;
}

TEST_F(TransferErrorTest, is_a_timeout_when_it_took_too_long) {
  EXPECT_EQ(error_of(CURLE_OPERATION_TIMEDOUT).code, ErrorCode::kTimeout);
  EXPECT_EQ(error_of(CURLE_OPERATION_TIMEDOUT).reason, reason_for(TransferFault::kTimeout));
}

TEST_F(TransferErrorTest, is_the_callers_when_the_url_is_none) {
  EXPECT_EQ(error_of(CURLE_URL_MALFORMAT).code, ErrorCode::kInvalid);
}

TEST_F(TransferErrorTest, names_the_schemes_that_are_fetched) {
  EXPECT_EQ(error_of(CURLE_UNSUPPORTED_PROTOCOL).code, ErrorCode::kInvalid);
  EXPECT_THAT(words_of(CURLE_UNSUPPORTED_PROTOCOL), EndsWith("; only http and https are fetched"));
}

TEST_F(TransferErrorTest, has_the_reason_of_tls_for_all_that_fails_there) {
  for (const auto code :
       {CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
        CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR})
    EXPECT_EQ(error_of(code).reason, reason_for(TransferFault::kTls)) << code;
}

TEST_F(TransferErrorTest, tells_a_source_that_is_out_of_reach_from_one_that_stopped_sending) {
  const auto unreachable = reason_for(TransferFault::kUnreachable);
  EXPECT_EQ(error_of(CURLE_COULDNT_CONNECT).reason, unreachable);
  EXPECT_EQ(error_of(CURLE_RECV_ERROR).reason, unreachable) << "no answer had begun";
  EXPECT_EQ(error_of(CURLE_PARTIAL_FILE).reason, reason_for(TransferFault::kIncomplete));
}

TEST_F(TransferErrorTest, is_the_sources_where_nothing_else_is_known) {
  EXPECT_EQ(error_of(CURLE_WEIRD_SERVER_REPLY).code, ErrorCode::kUpstream);
  EXPECT_EQ(error_of(CURLE_WEIRD_SERVER_REPLY).reason, reason_for(TransferFault::kOther));
}

TEST_F(TransferErrorTest, advises_https_where_something_else_than_http_answers) {
  EXPECT_THAT(words_of(CURLE_UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when not allowed"),
              EndsWith("speaks no HTTP: check the port, and whether it wants https"));
}

TEST_F(TransferErrorTest, advises_http_where_something_else_than_tls_answers) {
  for (const auto* detail : {"error:0A00010B:SSL routines::wrong version number",
                             "error:0A0000C6:SSL routines::packet length too long"})
    EXPECT_THAT(words_of(CURLE_SSL_CONNECT_ERROR, detail),
                EndsWith("speaks no TLS: check the port, and whether it wants http"));
}

TEST_F(TransferErrorTest, names_the_authorities_that_a_certificate_was_held_against) {
  EXPECT_THAT(words_of(CURLE_PEER_FAILED_VERIFICATION), EndsWith("is one of the system's"));
  request_.ca_setting = "download.caFile";
  EXPECT_THAT(words_of(CURLE_PEER_FAILED_VERIFICATION),
              EndsWith("is one of the system's (or set download.caFile)"));
  request_.ca_file = "/ca.pem";
  EXPECT_THAT(words_of(CURLE_PEER_FAILED_VERIFICATION), EndsWith("is one of those in /ca.pem"));
}

TEST_F(TransferErrorTest, says_that_our_certificate_is_refused_and_which_setting_gives_one) {
  constexpr auto kAlert = "tlsv13 alert certificate required, errno 0";
  const auto refused = error_of(CURLE_RECV_ERROR, kAlert);
  EXPECT_EQ(refused.code, ErrorCode::kUpstream);
  EXPECT_EQ(refused.reason, reason_for(TransferFault::kRefusedCertificate));
  EXPECT_THAT(refused.message, EndsWith("; it takes only callers whose certificate it trusts"));
  request_.certificate_setting = "sourceCertificates";
  EXPECT_THAT(words_of(CURLE_RECV_ERROR, kAlert),
              EndsWith(": give it one with sourceCertificates"));
}

TEST_F(TransferErrorTest, knows_a_refused_certificate_by_each_alert_about_one) {
  const auto refused = reason_for(TransferFault::kRefusedCertificate);
  for (const auto* detail :
       {"tlsv1 alert unknown ca", "sslv3 alert bad certificate", "sslv3 alert certificate expired"})
    EXPECT_EQ(error_of(CURLE_SSL_CONNECT_ERROR, detail).reason, refused) << detail;
  for (const auto* detail : {"tlsv1 alert internal error", "certificate has expired"})
    EXPECT_NE(error_of(CURLE_SSL_CONNECT_ERROR, detail).reason, refused) << detail;
}

TEST_F(TransferErrorTest, says_how_many_headers_are_too_many_also_where_libcurl_ended_it) {
  const auto error = error_of(CURLE_RECV_ERROR, "nghttp2_session_mem_recv() returned -902:x");
  EXPECT_EQ(error.code, ErrorCode::kUpstream);
  EXPECT_EQ(error.message, "https://h/a: more than 64 KiB of headers and trailers came");
  EXPECT_EQ(error.message, too_many_headers(request_).message);
}

}  // namespace
}  // namespace okg::http
