#include "source/credentials.hpp"

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace okg::source {
namespace {

class CredentialsTest : public testing::Test {
 protected:
  CredentialsTest() {
    settings_.header_files.value = {
        {UrlPrefix::parse("https://cdn.example.com/").value(), folder_.write("h", "X-Key: k")},
        {UrlPrefix::parse("https://s3.example.com/").value(), folder_.write("h", "X-Key: k")}};
    ObjectStore store;
    store.endpoint = http::Url::parse("https://s3.example.com").value();
    store.region = "eu";
    store.credentials_file = folder_.write(
        "credentials", "[default]\naws_access_key_id=ID\naws_secret_access_key=SECRET\n");
    settings_.object_store = store;
  }
  Result<Secrecy> add_to(const std::string& url) {
    request_.url = url;
    return Credentials(settings_).add_to(request_, http::Url::parse(url).value());
  }
  [[nodiscard]] bool has(std::string_view name) const {
    return http::find_header(request_.headers, name) != nullptr;
  }

  tests::TemporaryFolder folder_;
  SourceSettings settings_;
  http::ClientRequest request_;
};

TEST_F(CredentialsTest, are_none_for_other_urls) {
  EXPECT_EQ(add_to("https://other.example.com/a").value(), Secrecy::kNone);
  EXPECT_TRUE(request_.headers.empty());
}

TEST_F(CredentialsTest, are_headers_of_files) {
  request_.headers = {{"Range", "bytes=1-"}};
  EXPECT_EQ(add_to("https://cdn.example.com/a").value(), Secrecy::kSecretHeaders);
  EXPECT_TRUE(has("X-Key"));
  EXPECT_TRUE(has("Range"));
}

TEST_F(CredentialsTest, are_a_signature_and_no_headers_for_the_store) {
  EXPECT_EQ(add_to("https://s3.example.com/b/k").value(), Secrecy::kSigned);
  EXPECT_TRUE(has("Authorization"));
  EXPECT_FALSE(has("X-Key"));
}

TEST_F(CredentialsTest, are_headers_where_the_store_signs_nothing) {
  EXPECT_EQ(add_to("https://s3.example.com/b/k?X-Amz-Signature=a").value(),
            Secrecy::kSecretHeaders);
}

TEST_F(CredentialsTest, are_missed_where_their_file_is_gone) {
  std::filesystem::remove(folder_.path() / "h");
  EXPECT_EQ(add_to("https://cdn.example.com/a").error().reason, Reason::kSourceUnauthorized);
}

}  // namespace
}  // namespace okg::source
