#include "http/ip_address.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

std::string host(std::string_view text) {
  const auto address = IpAddress::parse_host(text);
  return address ? address->text() : "none";
}

TEST(IpAddress, reads_every_form_that_a_host_has) {
  for (const auto* text :
       {"169.254.169.254", "169.254.169.254.", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
        "169.254.43518", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]"})
    EXPECT_EQ(host(text), "169.254.169.254") << text;
  EXPECT_EQ(host("[fe80::1%25eth0]"), "fe80::1");
  EXPECT_EQ(host("[FD00:0::1]"), "fd00::1");
}

TEST(IpAddress, names_are_none) {
  for (const auto* text : {"", ".", "a", "10.0.0.1.example", "256.1.1.1", "1.2.3.4.5", "[::g]",
                           "::"
                           "g"})
    EXPECT_EQ(host(text), "none") << text;
}

TEST(IpAddress, finds_what_a_router_may_turn_it_into) {
  const auto carries = [](std::string_view text, std::string_view inner) {
    const auto found = IpAddress::parse(text)->embedded();
    return std::find(found.begin(), found.end(), *IpAddress::parse(inner)) != found.end();
  };
  for (const auto* text : {"::a9fe:a9fe", "::ffff:0:a9fe:a9fe", "64:ff9b::a9fe:a9fe",
                           "64:ff9b:1::a9fe:a9fe", "64:ff9b:1:a9fe:a9:fe00::", "2002:a9fe:a9fe::1",
                           "2001:0:a9fe:a9fe::", "fe80::5efe:a9fe:a9fe",
                           "2001:db8::200:5efe:a9fe:a9fe", "2001:0:1:2:3:4:5601:5601"})
    EXPECT_TRUE(carries(text, "169.254.169.254")) << text;
  for (const auto* text : {"::1", "::", "fd00::a9fe:a9fe", "10.0.0.1", "2001:db8::a9fe:a9fe"})
    EXPECT_TRUE(IpAddress::parse(text)->embedded().empty()) << text;
  EXPECT_EQ(IpAddress::parse("64:ff9b::a00:1")->embedded().size(), 1U);
}

TEST(IpRange, holds_the_addresses_that_begin_like_it) {
  const auto holds = [](std::string_view range, std::string_view address) {
    return IpRange::parse(range)->contains(*IpAddress::parse(address));
  };
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(holds("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(holds("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.0.0.1"));
  EXPECT_TRUE(holds("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(holds("127.0.0.1", "127.0.0.2"));
  EXPECT_TRUE(holds("0.0.0.0/0", "1.2.3.4"));
  EXPECT_FALSE(holds("::/0", "1.2.3.4"));
  EXPECT_FALSE(holds("0.0.0.0/0", "fd00::1"));
  EXPECT_TRUE(holds("fe80::/10", "febf::1"));
  EXPECT_FALSE(holds("fe80::/10", "fec0::1"));
}

TEST(IpRange, is_nothing_else) {
  for (const auto* text : {"", "/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "a/8",
                           "10.0.0.0/8/8", "0x7f.1", "10.0.0.0/ 8"})
    EXPECT_FALSE(IpRange::parse(text).has_value()) << text;
}

}  // namespace
}  // namespace okg::http
