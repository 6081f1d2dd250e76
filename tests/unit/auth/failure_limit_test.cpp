#include "auth/failure_limit.hpp"

#include <gtest/gtest.h>

#include "limits/documented.hpp"

namespace okg::auth {
namespace {

using namespace std::chrono_literals;

TEST(FailureLimit, refills_within_a_minute) {
  FailureLimit limit(2);
  const auto start = FailureLimit::Clock::now();
  EXPECT_TRUE(limit.take("10.0.0.1", start));
  EXPECT_TRUE(limit.take("10.0.0.1", start));
  EXPECT_FALSE(limit.take("10.0.0.1", start + 29s));
  EXPECT_TRUE(limit.take("10.0.0.2", start)) << "another peer";
  EXPECT_TRUE(limit.take("10.0.0.1", start + 31s));
  EXPECT_EQ(limit.pause(), 30s);
}

TEST(FailureLimit, does_not_count_what_was_given_back) {
  FailureLimit limit(1);
  const auto start = FailureLimit::Clock::now();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(limit.take("a", start));
    limit.give_back("a");
  }
}

TEST(FailureLimit, forgives_one_peer_when_there_are_more_than_it_counts) {
  const auto most = limits::documented("addresses whose wrong credentials are counted");
  FailureLimit limit(1);
  const auto start = FailureLimit::Clock::now();
  const auto peer = [](std::uint64_t number) { return std::to_string(100'000 + number); };
  for (std::uint64_t i = 0; i < most; ++i) EXPECT_TRUE(limit.take(peer(i), start));
  EXPECT_FALSE(limit.take(peer(0), start)) << "all are counted";
  EXPECT_TRUE(limit.take(peer(most), start));
  EXPECT_TRUE(limit.take(peer(0), start)) << "the first one is forgiven";
  EXPECT_FALSE(limit.take(peer(most), start));
}

TEST(FailureLimit, holds_with_many_peers) {
  FailureLimit limit(1);
  const auto start = FailureLimit::Clock::now();
  for (int i = 0; i < 4'200; ++i)
    EXPECT_TRUE(limit.take("peer " + std::to_string(i), start + std::chrono::milliseconds(i)));
  EXPECT_FALSE(limit.take("peer 4199", start + 5s));
  EXPECT_TRUE(limit.take("peer 0", start + 5s)) << "it was forgotten, as memory has an end";
}

TEST(NetworkOf, is_an_address_or_half_of_one) {
  EXPECT_EQ(network_of("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(network_of("fd00::1"), network_of("fd00::2:1"));
  EXPECT_NE(network_of("fd00::1"), network_of("fd00:0:0:1::1"));
}

}  // namespace
}  // namespace okg::auth
