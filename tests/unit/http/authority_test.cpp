#include "http/authority.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

Authority of(const std::string& host, std::optional<std::uint16_t> port = std::nullopt) {
  return {host, port};
}

TEST(Authority, has_a_host_and_perhaps_a_port) {
  EXPECT_EQ(parse_authority("Game.Example."), of("game.example"));
  EXPECT_EQ(parse_authority("a:5000"), of("a", 5000));
  EXPECT_EQ(parse_authority("a:"), of("a"));
  EXPECT_EQ(parse_authority("[::1]:5000"), of("::1", 5000));
  EXPECT_EQ(parse_authority(""), of(""));
}

TEST(Authority, is_nothing_else) {
  for (const std::string_view text :
       {"u@a", "a:b", "a:-1", "a:65536", "a:1:2", "::1", "[::1", "[a]", "[]", "[::1]x", "a b",
        "a/b", "a?b", "a#b", "a\\b", "a\"b"})
    EXPECT_FALSE(parse_authority(text)) << text;
  EXPECT_FALSE(parse_authority(std::string_view("a\0b", 3)));
}

TEST(UrlHost, has_an_ipv6_address_in_brackets) {
  EXPECT_EQ(url_host("::1"), "[::1]");
  EXPECT_EQ(url_host("[fd00::7]"), "[fd00::7]");
  EXPECT_EQ(url_host("::ffff:10.0.0.1"), "[::ffff:10.0.0.1]");
  for (const auto* host : {"", "10.0.0.1", "game.example"}) EXPECT_EQ(url_host(host), host);
}

TEST(IpAddress, has_its_usual_form) {
  for (const auto* host : {"10.0.0.1", "::1", "fd00::7", "::ffff:10.0.0.1"})
    EXPECT_TRUE(is_ip_address(host)) << host;
  for (const auto* host : {"", "10.1", "0x7f.0.0.1", "1.2.3.4.5", "256.0.0.1", "1.2.3.4.example"})
    EXPECT_FALSE(is_ip_address(host)) << host;
}

}  // namespace
}  // namespace okg::http
