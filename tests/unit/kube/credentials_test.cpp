#include "kube/credentials.hpp"

#include <gmock/gmock.h>

#include "service_account_dir.hpp"

namespace okg::kube {
namespace {

using ::testing::HasSubstr;

class Credentials_ : public ::testing::Test {
 protected:
  InCluster cluster_;
  ServiceAccountDir dir_{"first"};
};

TEST_F(Credentials_, come_from_the_environment_and_the_service_account_folder) {
  auto credentials = Credentials::in_cluster(dir_.path());
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->base_url(), "https://10.96.0.1:443");
  EXPECT_EQ(credentials->ca_file(), dir_.path() / "ca.crt");
  EXPECT_EQ(credentials->own_namespace(), "games");
  EXPECT_EQ(credentials->token(), "first");
}

TEST_F(Credentials_, put_an_ipv6_host_in_brackets) {
  ::setenv("KUBERNETES_SERVICE_HOST", "fd00::1", 1);
  EXPECT_EQ(Credentials::in_cluster(dir_.path())->base_url(), "https://[fd00::1]:443");
}

TEST_F(Credentials_, say_what_to_do_outside_a_cluster) {
  InCluster::leave();
  const auto credentials = Credentials::in_cluster(dir_.path());
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(credentials.error().message, "not in a cluster: KUBERNETES_SERVICE_HOST is not set");
}

TEST_F(Credentials_, name_the_missing_file_and_the_cure) {
  std::filesystem::remove(dir_.path() / "token");
  const auto credentials = Credentials::in_cluster(dir_.path());
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(credentials.error().message, HasSubstr(dir_.path() / "token"));
  EXPECT_THAT(credentials.error().message, HasSubstr("automountServiceAccountToken"));
}

TEST_F(Credentials_, follow_a_rotated_token) {
  auto credentials = Credentials::in_cluster(dir_.path());
  dir_.rotate("other");  // of the same length
  EXPECT_EQ(credentials->token(), "other");
}

TEST_F(Credentials_, keep_the_last_token_while_its_file_is_missing_or_empty) {
  auto credentials = Credentials::in_cluster(dir_.path());
  dir_.rotate("");
  EXPECT_EQ(credentials->token(), "first");
  EXPECT_FALSE(credentials->reload());
  std::filesystem::remove(dir_.path() / "..data");
  EXPECT_EQ(credentials->token(), "first");
  dir_.rotate("third");
  EXPECT_EQ(credentials->token(), "third");
}

}  // namespace
}  // namespace okg::kube
