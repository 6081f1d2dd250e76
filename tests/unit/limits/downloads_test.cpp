#include <fcntl.h>
#include <gtest/gtest.h>

#include "../kube/scripted_server.hpp"
#include "base/io/file.hpp"
#include "content/signature/check_signature.hpp"
#include "content/signature/sample.hpp"
#include "files/headroom.hpp"
#include "http/client/client.hpp"
#include "limits/documented.hpp"
#include "limits/file.hpp"
#include "source/aws_keys.hpp"
#include "source/redirect_sink.hpp"
#include "source/source_certificates.hpp"
#include "source/source_headers.hpp"

namespace okg::limits {
namespace {

namespace signature = content::signature;

const auto kTooLong = std::string("longer than");

/// Whether it was refused as too long; what is shorter may be refused as something else.
bool is_too_long(const Error& error) { return error.message.find(kTooLong) != std::string::npos; }

http::Url url(std::string_view text) { return http::Url::parse(text).value(); }
source::UrlPrefix prefix(std::string_view text) { return source::UrlPrefix::parse(text).value(); }

TEST(Downloads, take_headers_of_a_source_as_long_as_documented) {
  const auto most = documented("a file of sourceHeaderFiles");
  const auto read = [](std::size_t bytes) {
    const File file(filled("Authorization: Bearer x\n", bytes));
    return source::headers_for({{{prefix("http://h/"), file.path()}}}, url("http://h/a"));
  };
  EXPECT_EQ(read(most)->size(), 1U);
  EXPECT_EQ(read(most + 1).error().reason, Reason::kSourceUnauthorized);
}

TEST(Downloads, take_keys_of_s3_as_long_as_documented) {
  const auto most = documented("credentialsFile of s3");
  const auto read = [](std::size_t bytes) {
    const File file(filled("[default]\naws_access_key_id=a\naws_secret_access_key=b\n", bytes));
    return source::read_aws_keys(file.path(), "default");
  };
  EXPECT_EQ(read(most)->id, "a");
  EXPECT_EQ(read(most + 1).error().reason, Reason::kSourceUnauthorized);
}

TEST(Downloads, read_certificates_and_keys_as_long_as_documented) {
  const auto most = documented("certificateFile, keyFile of sourceCertificates");
  const auto refusal = [](std::size_t certificate_bytes, std::size_t key_bytes) {
    const File certificate(filled("", certificate_bytes));
    const File key(filled("", key_bytes));
    http::ClientRequest request;
    const auto added =
        source::add_certificate({{{prefix("https://h/"), certificate.path(), key.path(), {}}}},
                                url("https://h/a"), request);
    EXPECT_EQ(added.error().reason, Reason::kSourceUnauthorized);
    return added.error();
  };
  EXPECT_FALSE(is_too_long(refusal(most, most))) << "it is read: it is no certificate";
  EXPECT_TRUE(is_too_long(refusal(most + 1, most)));
  EXPECT_TRUE(is_too_long(refusal(most, most + 1)));
}

TEST(Downloads, read_public_keys_as_long_as_documented) {
  const auto most = documented(".minisig file, public key file");
  const auto refusal = [](std::size_t bytes) {
    const File file(filled("no key\n", bytes));
    signature::Settings settings;
    settings.public_key_files.value = {file.path()};
    return signature::check(settings, signature::kSignature, {"a", "v1", std::string(128, '0')})
        .error();
  };
  EXPECT_FALSE(is_too_long(refusal(most))) << "it is read: it is no key";
  EXPECT_TRUE(is_too_long(refusal(most + 1)));
}

/// An answer with headers of that many bytes, the status and all ends of lines included.
Result<http::Response> answer_with_headers(std::size_t bytes) {
  const std::string status = "200 OK";
  const auto own = ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").size();
  std::string headers;
  while (own + headers.size() + 100 < bytes) headers += "X: " + std::string(45, 'x') + "\r\n";
  headers += "Y: " + std::string(bytes - own - headers.size() - 5, 'y') + "\r\n";
  const kube::ScriptedServer server({{status, headers, ""}});
  http::ClientRequest request;
  request.url = server.url();
  request.use_proxy = false;
  return http::Client().send(request, 0);
}

TEST(Downloads, take_headers_of_an_answer_as_long_as_documented) {
  const auto most = documented("headers and trailers of an answer together");
  EXPECT_TRUE(answer_with_headers(most));
  const auto refused = answer_with_headers(most + 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUpstream);
  EXPECT_NE(refused.error().message.find("KiB of headers"), std::string::npos);
}

struct Nothing : http::ResponseSink {
  Result<void> begin(const http::ResponseHead&) override { return {}; }
  Result<void> write(std::span<const std::byte>) override { return {}; }
};

TEST(Downloads, read_the_body_of_a_redirect_as_long_as_documented) {
  const std::vector<std::byte> most(
      documented("body of a redirect that is read, to go on with the connection"));
  Nothing nothing;
  source::RedirectSink sink(nothing, true);
  ASSERT_TRUE(sink.begin({302, {{"Location", "/b"}}, "", http::BodyEnd::kLength}));
  EXPECT_TRUE(sink.write(most));
  EXPECT_FALSE(sink.write(std::span(most).first(1)));
}

TEST(Downloads, take_little_content_on_any_volume) {
  const File file("");
  const auto fd = open_file(file.path(), O_RDONLY).value();
  const Setting<unsigned> all{100, "download.minFreePercent"};
  EXPECT_TRUE(files::check_stays_free(fd.get(), files::kSmallBytes, all));
  const auto refused = files::check_stays_free(fd.get(), files::kSmallBytes + 1, all);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kNoSpace);
  EXPECT_NE(refused.error().message.find("than download.minFreePercent (100) of the volume"),
            std::string::npos);
}

}  // namespace
}  // namespace okg::limits
