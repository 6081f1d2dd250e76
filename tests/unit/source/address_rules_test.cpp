#include "source/address_rules.hpp"

#include <gtest/gtest.h>

namespace okg::source {
namespace {

bool may(const AddressRules& rules, std::string_view address, std::uint16_t port = 80) {
  return rules.check(*http::IpAddress::parse(address), port).has_value();
}

http::IpRange range(std::string_view text) { return *http::IpRange::parse(text); }

TEST(AddressRules, refuse_what_trusts_the_node) {
  const AddressRules rules;
  for (const auto* address :
       {"169.254.169.254", "169.254.0.23", "100.100.100.200", "100.96.0.96", "192.0.0.192",
        "168.63.129.16", "fd00:ec2::254", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fd00:42::42",
        "fe80::1", "224.0.0.1", "ff02::1", "255.255.255.255", "0.0.0.0", "::", "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::", "::ffff:100.100.100.200"})
    EXPECT_FALSE(may(rules, address)) << address;
  for (const auto* address : {"10.0.0.1", "127.0.0.1", "::1", "100.100.100.201", "fd00::1",
                              "2001:db8::1", "64:ff9b::a00:1", "192.0.0.170"})
    EXPECT_TRUE(may(rules, address)) << address;
}

TEST(AddressRules, say_what_to_do) {
  const auto refused =
      AddressRules({{}, "allowedAddresses"}, {}, {}).check_host("169.254.169.254", 80);
  EXPECT_EQ(refused.error().code, ErrorCode::kUpstream);
  EXPECT_EQ(refused.error().reason, Reason::kSourceNotAllowed);
  EXPECT_EQ(refused.error().message,
            "the address 169.254.169.254 is link-local, where clouds give out the credentials of "
            "the node, to which no update may lead; where it is meant, add it to allowedAddresses");
}

TEST(AddressRules, what_is_allowed_wins) {
  const AddressRules rules({{range("127.0.0.2"), range("169.254.169.254")}},
                           {{range("127.0.0.0/8")}}, {});
  EXPECT_FALSE(may(rules, "127.0.0.1"));
  EXPECT_TRUE(may(rules, "127.0.0.2"));
  EXPECT_TRUE(may(rules, "169.254.169.254"));
  EXPECT_TRUE(may(rules, "64:ff9b::a9fe:a9fe"));
  EXPECT_FALSE(may(rules, "169.254.169.253"));
}

TEST(AddressRules, an_allowed_form_is_not_refused_for_what_is_embedded_in_it) {
  const AddressRules rules({{range("64:ff9b::a9fe:a9fe")}}, {}, {});
  EXPECT_TRUE(may(rules, "64:ff9b::a9fe:a9fe"));
  EXPECT_FALSE(may(rules, "169.254.169.254"));
}

TEST(AddressRules, the_api_server_is_refused_at_each_of_its_ports) {
  const AddressRules rules({}, {}, {"10.96.0.1", 443});
  EXPECT_FALSE(may(rules, "10.96.0.1", 443));
  EXPECT_FALSE(may(rules, "10.96.0.1", 80));
  EXPECT_FALSE(may(rules, "64:ff9b::a60:1", 443));
  EXPECT_TRUE(may(rules, "10.96.0.2", 443));
}

TEST(AddressRules, on_loopback_only_its_own_port_is_the_api_server) {
  const AddressRules rules({}, {}, {"127.0.0.1", 6443});
  EXPECT_FALSE(may(rules, "127.0.0.1", 6443));
  EXPECT_TRUE(may(rules, "127.0.0.1", 8080));
}

TEST(AddressRules, an_api_server_may_have_a_name) {
  const AddressRules rules({}, {}, {"localhost", 6443});
  EXPECT_FALSE(may(rules, "127.0.0.1", 6443));
  EXPECT_FALSE(rules.check_host("LocalHost.", 6443).has_value());
  EXPECT_TRUE(rules.check_host("example.com", 443).has_value());
  EXPECT_FALSE(rules.check_host("169.254.169.254", 443).has_value());
}

}  // namespace
}  // namespace okg::source
