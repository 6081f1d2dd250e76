#include "auth/host_names.hpp"

#include <gmock/gmock.h>

namespace okg::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(HostNames, know_what_nobody_outside_can_own) {
  const HostNames names({"game-0.blue", "*.svc.corp.example"}, {});
  for (const auto* host : {"", "10.0.0.1", "fd00::7", "localhost", "game", "game-0.blue",
                           "a.ns.svc", "a.ns.svc.cluster.local", "a.ns.svc.corp.example"})
    EXPECT_TRUE(names.know(host)) << host;
  for (const auto* host : {"evil.example", "a.game-0.blue", "svc.corp.example",
                           "a.svc.evil.example", "10.0.0.1.evil.example"})
    EXPECT_FALSE(names.know(host)) << host;
}

TEST(HostNames, know_what_is_allowed) {
  EXPECT_TRUE(HostNames({}, {{"OPS.example"}}).know("ops.example"));
  EXPECT_TRUE(HostNames({}, {{"*.example"}}).know("a.b.example"));
  EXPECT_FALSE(HostNames({}, {{"*.example"}}).know("example.com"));
  EXPECT_TRUE(HostNames({}, {{"*"}}).know("evil.example"));
}

TEST(HostPattern, is_a_name_without_a_port) {
  for (const auto* text : {"*", "a", "a.example", "*.a.example", "10.0.0.1"})
    EXPECT_TRUE(is_host_pattern(text)) << text;
  for (const auto* text : {"", "*.", "a:80", "a:", "http://a", "a.*", "**", "a/b", "a,b", "u@a"})
    EXPECT_FALSE(is_host_pattern(text)) << text;
}

TEST(SearchDomains, are_those_of_the_last_line) {
  EXPECT_THAT(search_domains("search a\nnameserver 10.0.0.10\nsearch ns.svc.x svc.x\toptions\n"),
              ElementsAre("ns.svc.x", "svc.x", "options"));
  EXPECT_THAT(search_domains("searches a\n# search b\n\n"), IsEmpty());
}

}  // namespace
}  // namespace okg::auth
