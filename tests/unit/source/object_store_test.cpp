#include "source/object_store.hpp"

#include <gtest/gtest.h>

#include <string>

#include "source/aws_keys.hpp"
#include "temporary_folder.hpp"

namespace okg::source {
namespace {

http::Url url(const std::string& text) { return *http::Url::parse(text); }

/// A store whose credentials are this text.
class Objects : public ::testing::Test {
 protected:
  Objects() { write("[default]\naws_access_key_id = ID\naws_secret_access_key = SECRET\n"); }

  void write(const std::string& text) { folder_.write("credentials", text); }
  ObjectStore store() {
    return {url("https://s3.example.com:8443"), "eu", folder_.path() / "credentials", "default"};
  }
  bool is_signed(const std::string& text) {
    http::ClientRequest request;
    const auto done = sign(store(), url(text), Timestamp{}, request);
    EXPECT_TRUE(done);
    EXPECT_EQ(done && *done, !request.headers.empty());
    return done && *done;
  }

  tests::TemporaryFolder folder_;
};

TEST_F(Objects, are_at_the_endpoint_and_one_label_below_it) {
  for (const auto* there : {"https://s3.example.com:8443/b/k", "https://b.s3.example.com:8443/k"})
    EXPECT_TRUE(is_signed(there)) << there;
  for (const auto* elsewhere :
       {"http://b.s3.example.com:8443/k", "https://b.s3.example.com/k",
        "https://a.b.s3.example.com:8443/k", "https://bs3.example.com:8443/k",
        "https://b.s3.example.com.evil.test:8443/k", "http://s3.example.com:8443/b/k"})
    EXPECT_FALSE(is_signed(elsewhere)) << elsewhere;
}

TEST_F(Objects, are_not_signed_twice) {
  for (const auto* already :
       {"https://b.s3.example.com:8443/k?X-Amz-Signature=a",
        "https://b.s3.example.com:8443/k?q-signature=a",
        "https://b.s3.example.com:8443/k?Signature=a", "https://user@b.s3.example.com:8443/k"})
    EXPECT_FALSE(is_signed(already)) << already;
}

TEST_F(Objects, are_asked_for_with_words_as_credentials) {
  const std::string keys = "[default]\naws_access_key_id=ID\naws_secret_access_key=SECRET\n";
  write(keys + "aws_session_token=TOKEN");
  EXPECT_EQ(read_aws_keys(folder_.path() / "credentials", "default")->session_token, "TOKEN");
  for (const std::string token : {"a b", "a,b", "a\tb", "\xc3\xa4"}) {
    write(keys + "aws_session_token=" + token);
    EXPECT_FALSE(read_aws_keys(folder_.path() / "credentials", "default")) << token;
  }
}

}  // namespace
}  // namespace okg::source
