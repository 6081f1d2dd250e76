#include "sidecar/own_address.hpp"

#include <gtest/gtest.h>

namespace okg::sidecar {
namespace {

std::string url_at(const std::string& host) {
  Loaded loaded;
  loaded.config.listen = {host, 5000};
  return own_url(loaded);
}

TEST(own_url, is_the_loopback_address_where_the_sidecar_listens_on_every_address) {
  EXPECT_EQ(url_at(""), "http://127.0.0.1:5000");
  EXPECT_EQ(url_at("0.0.0.0"), "http://127.0.0.1:5000");
}

TEST(own_url, is_the_loopback_address_of_ipv6_where_it_listens_on_every_one_of_these) {
  EXPECT_EQ(url_at("::"), "http://[::1]:5000");
}

TEST(own_url, is_the_address_that_it_listens_on) {
  EXPECT_EQ(url_at("10.1.2.3"), "http://10.1.2.3:5000");
  EXPECT_EQ(url_at("fd00::7"), "http://[fd00::7]:5000");
}

TEST(own_url, has_the_port_that_is_configured) {
  Loaded loaded;
  loaded.config.listen = {"", 8443};
  EXPECT_EQ(own_url(loaded), "http://127.0.0.1:8443");
}

TEST(own_url, is_https_where_there_is_tls) {
  Loaded loaded;
  loaded.tls.emplace();
  EXPECT_EQ(own_url(loaded), "https://127.0.0.1:5000");
}

}  // namespace
}  // namespace okg::sidecar
