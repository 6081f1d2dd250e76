#include "config/listen_address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okg::config {
namespace {

using testing::HasSubstr;

std::string words_of(std::string_view text) {
  const auto address = parse_listen_address(text);
  return address ? "" : address.error().message;
}

TEST(ParseListenAddress, takes_a_port_alone_for_every_address) {
  for (const auto* text : {"80", ":80"}) {
    EXPECT_EQ(parse_listen_address(text)->host, "") << text;
    EXPECT_EQ(parse_listen_address(text)->port, 80) << text;
  }
}

TEST(ParseListenAddress, takes_addresses_of_both_kinds) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:5000")->host, "127.0.0.1");
  EXPECT_EQ(parse_listen_address("[::1]:5000")->host, "::1");
  EXPECT_EQ(parse_listen_address("[::]:0")->port, 0);
}

TEST(ParseListenAddress, takes_ports_to_65535) {
  EXPECT_EQ(parse_listen_address("65535")->port, 65535);
  for (const auto* text : {"65536", "-1", "", ":", "127.0.0.1:", "http", "80 "})
    EXPECT_THAT(words_of(text), HasSubstr("the port must be a number from 0 to 65535")) << text;
}

TEST(ParseListenAddress, takes_no_names) {
  for (const auto* text : {"localhost:80", "0.0.0:80", "127.0.0.1.:80"})
    EXPECT_THAT(words_of(text), HasSubstr("the host must be an IP address")) << text;
}

TEST(ParseListenAddress, wants_brackets_around_ipv6_and_nothing_else_in_them) {
  EXPECT_THAT(words_of("::1:80"), HasSubstr("an IPv6 address stands in brackets"));
  for (const auto* text : {"[127.0.0.1]:80", "[]:80", "[h]:80"})
    EXPECT_THAT(words_of(text), HasSubstr("no IPv6 address stands between the brackets")) << text;
}

TEST(ParseListenAddress, looks_behind_a_nul) {
  EXPECT_FALSE(parse_listen_address(std::string_view("127.0.0.1\0x:80", 14)));
}

TEST(ParseListenAddress, quotes_what_is_wrong_and_says_how_to_write_it) {
  const auto error = parse_listen_address("h:80").error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_EQ(error.message,
            "'h:80' is not an address to listen on: the host must be an IP address; write it like "
            "5000, 127.0.0.1:5000 or [::]:5000");
}

}  // namespace
}  // namespace okg::config
