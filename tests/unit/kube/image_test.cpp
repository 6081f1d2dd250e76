#include "kube/image.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okg::kube {
namespace {

const std::string kThrees = "sha256:" + std::string(64, '3');

bool names(const std::string& wanted, const std::string& run) {
  return is_named(parse_image(run), parse_image(wanted));
}

TEST(parse_image, takes_a_name_apart) {
  const auto image = parse_image("registry.example.com:5000/game/server:v3@" + kThrees);
  EXPECT_EQ(image.repository, "registry.example.com:5000/game/server");
  EXPECT_EQ(image.tag, "v3");
  EXPECT_EQ(image.digest, kThrees);
}

TEST(parse_image, adds_the_registry_that_is_meant) {
  EXPECT_EQ(parse_image("nginx").repository, "docker.io/library/nginx");
  EXPECT_EQ(parse_image("index.docker.io/nginx").repository, "docker.io/library/nginx");
  EXPECT_EQ(parse_image("games/lobby:v1").repository, "docker.io/games/lobby");
  EXPECT_EQ(parse_image("localhost/lobby").repository, "localhost/lobby");
  EXPECT_EQ(parse_image("registry:5000/lobby").repository, "registry:5000/lobby");
}

TEST(parse_image, takes_latest_where_nothing_else_is_named) {
  EXPECT_EQ(parse_image("registry:5000/lobby").tag, "latest");
  EXPECT_EQ(parse_image("lobby@" + kThrees).tag, "");
  EXPECT_EQ(parse_image(kThrees).repository, "");
}

TEST(is_named, goes_by_the_digest_where_one_is_named) {
  EXPECT_TRUE(names(kThrees, "docker-pullable://lobby@" + kThrees));
  EXPECT_TRUE(names("lobby:v9@" + kThrees, "lobby:v3@" + kThrees));
  EXPECT_TRUE(names("lobby@" + kThrees, kThrees));
  EXPECT_FALSE(names("lobby@" + kThrees, "other@" + kThrees));
  EXPECT_FALSE(names(kThrees, "lobby:v3"));
}

TEST(is_named, goes_by_the_tag_else) {
  EXPECT_TRUE(names("lobby:v3", "docker.io/library/lobby:v3@" + kThrees));
  EXPECT_FALSE(names("lobby:v3", "lobby:v4"));
  EXPECT_FALSE(names("lobby", "lobby@" + kThrees));
}

}  // namespace
}  // namespace okg::kube
