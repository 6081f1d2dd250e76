#include "plugins/hot_update/settings/read_sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "config/reading.hpp"

namespace okg::hot_update {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

source::SourceSettings sources_of(const std::string& text) {
  config::Reading reading(text);
  auto settings = read_sources(reading.map);
  reading.map.finish();
  EXPECT_THAT(reading.lines(), IsEmpty());
  return settings;
}

std::vector<std::string> mistakes_of_sources(const std::string& text) {
  config::Reading reading(text);
  (void)read_sources(reading.map);
  return reading.lines();
}

bool holds(const Setting<std::vector<http::IpRange>>& ranges, const char* address) {
  return std::ranges::any_of(ranges.value, [&](const http::IpRange& range) {
    return range.contains(*http::IpAddress::parse(address));
  });
}

TEST(read_sources, allows_any_source_by_default) {
  const auto settings = sources_of("");
  EXPECT_THAT(settings.allowed_sources.value, IsEmpty());
  EXPECT_FALSE(settings.require_https.value);
  EXPECT_FALSE(settings.object_store);
}

TEST(read_sources, names_each_key_as_operators_write_it) {
  const auto settings = sources_of("");
  EXPECT_EQ(settings.allowed_sources.key, "allowedSources");
  EXPECT_EQ(settings.require_https.key, "requireHttps");
  EXPECT_EQ(settings.header_files.key, "sourceHeaderFiles");
  EXPECT_EQ(settings.certificates.key, "sourceCertificates");
  EXPECT_EQ(settings.allowed_addresses.key, "allowedAddresses");
  EXPECT_EQ(settings.denied_addresses.key, "deniedAddresses");
}

TEST(read_sources, takes_allowed_sources_in_their_order) {
  const auto settings = sources_of("allowedSources: [https://b/, http://a:8080/maps/]\n");
  ASSERT_EQ(settings.allowed_sources.value.size(), 2U);
  EXPECT_EQ(settings.allowed_sources.value[0].text(), "https://b/");
  EXPECT_EQ(settings.allowed_sources.value[1].text(), "http://a:8080/maps/");
}

TEST(read_sources, refuses_allowed_sources_that_name_none) {
  const auto none = ElementsAre(StartsWith("f:1: allowedSources: names no source;"));
  EXPECT_THAT(mistakes_of_sources("allowedSources:\n"), none);
  EXPECT_THAT(mistakes_of_sources("allowedSources: []\n"), none);
}

TEST(read_sources, refuses_an_allowed_source_that_is_no_url) {
  EXPECT_THAT(mistakes_of_sources("allowedSources: [https://a/, 'ftp://b/']\n"),
              ElementsAre(StartsWith("f:1: allowedSources: ")));
}

TEST(read_sources, asks_for_https_where_that_is_set) {
  EXPECT_TRUE(sources_of("requireHttps: true\n").require_https.value);
}

TEST(read_sources, takes_addresses_and_ranges) {
  const auto settings =
      sources_of("allowedAddresses: [10.1.0.0/16]\ndeniedAddresses: [10.2.0.7, fd00::/8]\n");
  EXPECT_TRUE(holds(settings.allowed_addresses, "10.1.2.3"));
  EXPECT_FALSE(holds(settings.allowed_addresses, "10.2.0.7"));
  EXPECT_TRUE(holds(settings.denied_addresses, "10.2.0.7"));
  EXPECT_TRUE(holds(settings.denied_addresses, "fd12::1"));
}

TEST(read_sources, refuses_what_is_no_address_by_its_key) {
  EXPECT_THAT(mistakes_of_sources("allowedAddresses: [host]\n"),
              ElementsAre(StartsWith("f:1: allowedAddresses: ")));
  EXPECT_THAT(mistakes_of_sources("deniedAddresses: [10.0.0.0/33]\n"),
              ElementsAre(StartsWith("f:1: deniedAddresses: ")));
}

TEST(read_sources, takes_files_of_headers_by_their_urls) {
  const auto settings = sources_of("sourceHeaderFiles: {'https://a/maps/': /secrets/a}\n");
  ASSERT_EQ(settings.header_files.value.size(), 1U);
  EXPECT_EQ(settings.header_files.value[0].urls.text(), "https://a/maps/");
  EXPECT_EQ(settings.header_files.value[0].file, "/secrets/a");
}

TEST(read_sources, refuses_a_file_of_headers_whose_folder_is_not_said) {
  EXPECT_THAT(mistakes_of_sources("sourceHeaderFiles: {'https://a/': secret}\n"),
              ElementsAre("f:1: sourceHeaderFiles: 'secret' is not an absolute path"));
}

TEST(read_sources, refuses_headers_for_what_is_no_url) {
  EXPECT_THAT(mistakes_of_sources("sourceHeaderFiles: {'https://a/': /a, b: /b}\n"),
              ElementsAre(StartsWith("f:1: sourceHeaderFiles: ")));
}

TEST(read_sources, refuses_headers_and_certificates_that_name_no_file) {
  EXPECT_THAT(mistakes_of_sources("sourceHeaderFiles:\nsourceCertificates: {}\n"),
              ElementsAre("f:1: sourceHeaderFiles: names no file",
                          "f:2: sourceCertificates: names no file"));
}

/// The mistakes of one certificate, for sources below `url`.
std::vector<std::string> mistakes_of_certificate(const std::string& files,
                                                 const std::string& url = "https://a/") {
  return mistakes_of_sources("sourceCertificates: {'" + url + "': {" + files + "}}\n");
}

TEST(read_sources, takes_the_files_of_a_certificate) {
  const auto settings = sources_of(
      "sourceCertificates:\n  https://a/: {certificateFile: /c, keyFile: /k, caFile: /ca}\n");
  ASSERT_EQ(settings.certificates.value.size(), 1U);
  const auto& files = settings.certificates.value[0];
  EXPECT_EQ(files.urls.text(), "https://a/");
  EXPECT_EQ(files.certificate, "/c");
  EXPECT_EQ(files.key, "/k");
  EXPECT_EQ(files.authority, "/ca");
}

TEST(read_sources, takes_an_authority_without_a_certificate) {
  EXPECT_THAT(mistakes_of_certificate("caFile: /ca"), IsEmpty());
}

TEST(read_sources, refuses_a_certificate_without_its_key_and_a_key_without_its_certificate) {
  const auto half = ElementsAre(HasSubstr("certificateFile: goes with keyFile"));
  EXPECT_THAT(mistakes_of_certificate("certificateFile: /c"), half);
  EXPECT_THAT(mistakes_of_certificate("keyFile: /k, caFile: /ca"), half);
}

TEST(read_sources, refuses_a_certificate_without_files) {
  EXPECT_THAT(mistakes_of_certificate(""), ElementsAre(HasSubstr("certificateFile: is missing")));
}

TEST(read_sources, refuses_a_certificate_for_http) {
  EXPECT_THAT(mistakes_of_certificate("caFile: /ca", "http://a/"),
              ElementsAre(HasSubstr("certificateFile: needs https")));
}

TEST(read_sources, refuses_files_of_a_certificate_whose_folder_is_not_said) {
  EXPECT_THAT(mistakes_of_certificate("certificateFile: c, keyFile: k, caFile: ca"),
              ElementsAre(HasSubstr(".certificateFile: 'c' is not"), HasSubstr(".keyFile: 'k' is"),
                          HasSubstr(".caFile: 'ca' is not")));
}

TEST(read_sources, refuses_a_certificate_for_what_is_no_url) {
  EXPECT_THAT(mistakes_of_certificate("caFile: /ca", "a"),
              Contains(StartsWith("f:1: sourceCertificates: ")));
}

constexpr const char* kStore =
    "s3: {endpoint: 'https://s3.example.com', region: eu, credentialsFile: /aws";

std::vector<std::string> mistakes_of_endpoint(const std::string& endpoint,
                                              const std::string& more = "") {
  return mistakes_of_sources("s3: {endpoint: '" + endpoint +
                             "', region: eu, credentialsFile: /aws" + more + "}\n");
}

TEST(read_sources, takes_an_object_store) {
  const auto store =
      sources_of(std::string(kStore) + ", profile: game, pathStyle: true}\n").object_store;
  ASSERT_TRUE(store);
  EXPECT_EQ(store->endpoint.host(), "s3.example.com");
  EXPECT_EQ(store->region, "eu");
  EXPECT_EQ(store->credentials_file, "/aws");
  EXPECT_EQ(store->profile, "game");
  EXPECT_EQ(store->style, source::BucketStyle::kPath);
}

TEST(read_sources, has_buckets_by_host_and_the_default_profile_unless_told_otherwise) {
  const auto store = sources_of(std::string(kStore) + "}\n").object_store;
  ASSERT_TRUE(store);
  EXPECT_EQ(store->style, source::BucketStyle::kHost);
  EXPECT_EQ(store->profile, "default");
}

TEST(read_sources, names_everything_that_an_object_store_lacks) {
  EXPECT_THAT(mistakes_of_sources("s3: {}\n"),
              testing::UnorderedElementsAre(StartsWith("f:1: s3.endpoint: is missing"),
                                            StartsWith("f:1: s3.region: is missing"),
                                            StartsWith("f:1: s3.credentialsFile: is missing")));
}

TEST(read_sources, refuses_a_file_of_credentials_whose_folder_is_not_said) {
  EXPECT_THAT(
      mistakes_of_sources("s3: {endpoint: 'https://h', region: eu, credentialsFile: aws}\n"),
      ElementsAre("f:1: s3.credentialsFile: 'aws' is not an absolute path"));
}

TEST(read_sources, refuses_an_endpoint_with_more_than_scheme_host_and_port) {
  const auto more = ElementsAre(HasSubstr("s3.endpoint: has more than scheme, host and port"));
  EXPECT_THAT(mistakes_of_endpoint("https://h/bucket"), more);
  EXPECT_THAT(mistakes_of_endpoint("https://h/?a=b"), more);
  EXPECT_THAT(mistakes_of_endpoint("https://user:word@h"), more);
  EXPECT_THAT(mistakes_of_endpoint("https://h:8443/"), IsEmpty());
}

TEST(read_sources, refuses_an_endpoint_that_is_no_url) {
  EXPECT_THAT(mistakes_of_endpoint("s3.example.com"),
              ElementsAre(AllOf(HasSubstr("s3.endpoint: "), Not(HasSubstr("has more than")))));
}

TEST(read_sources, refuses_buckets_by_host_below_an_address) {
  EXPECT_THAT(mistakes_of_endpoint("http://10.0.0.1:9000"),
              ElementsAre(HasSubstr("s3.endpoint: an address has no names below it")));
  EXPECT_THAT(mistakes_of_endpoint("http://10.0.0.1:9000", ", pathStyle: true"), IsEmpty());
}

TEST(read_sources, refuses_a_key_of_an_object_store_that_it_does_not_know) {
  EXPECT_THAT(mistakes_of_endpoint("https://h", ", bucket: maps"),
              ElementsAre(HasSubstr("s3.bucket: unknown key")));
}

}  // namespace
}  // namespace okg::hot_update
