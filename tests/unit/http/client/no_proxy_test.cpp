// Entries of no_proxy against URLs.
#include "http/client/no_proxy.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

bool holds(std::string_view entry, std::string_view url) {
  return stands_for(entry, *Url::parse(url));
}

TEST(NoProxy, a_name_stands_for_its_subdomains) {
  for (const auto* entry : {"example.com", ".example.com", "*.example.com", "EXAMPLE.com."})
    EXPECT_TRUE(holds(entry, "http://cdn.Example.com./a")) << entry;
  for (const auto* entry : {"ample.com", "*ample.com", "com.", "x.cdn.example.com", "", "."})
    EXPECT_FALSE(holds(entry, "http://cdn.example.org/a")) << entry;
}

TEST(NoProxy, an_address_or_a_network_stands_for_addresses_alone) {
  for (const auto* entry : {"10.1.2.3", "10.0.0.0/8", "10.1.2.0/23", "*"})
    EXPECT_TRUE(holds(entry, "http://10.1.2.3/")) << entry;
  for (const auto* entry : {"10.1.2.4", "::/0", "2.3", "10.1.2.0/33"})
    EXPECT_FALSE(holds(entry, "http://10.1.2.3/")) << entry;
  for (const auto* entry : {"fd00::1", "[fd00::1]", "fd00::/7", "fd00::1/128"})
    EXPECT_TRUE(holds(entry, "http://[fd00::1]/")) << entry;
  EXPECT_FALSE(holds("10.0.0.0/8", "http://ten.example/"));
}

TEST(NoProxy, a_port_has_to_be_that_of_the_url) {
  for (const auto* entry : {"minio:9000", "*:9000"}) {
    EXPECT_TRUE(holds(entry, "http://minio:9000/")) << entry;
    EXPECT_FALSE(holds(entry, "http://minio/")) << entry;
  }
  EXPECT_TRUE(holds("h:443", "https://h/"));
  EXPECT_TRUE(holds("[::1]:80", "http://[::1]/"));
  for (const auto* entry : {":80", "]:80", "h:", "h:x", "h:65616"})
    EXPECT_FALSE(holds(entry, "http://h/")) << entry;
}

}  // namespace
}  // namespace okg::http
