#include "source/secret_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace okg::source {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(SecretFileTest, is_read_as_it_is_now) {
  const tests::TemporaryFolder folder;
  const auto path = folder.write("a", "one");
  const SecretFile file{"s3", path};
  EXPECT_EQ(file.read(10).value(), "one");
  folder.write("a", "two");
  EXPECT_EQ(file.read(10).value(), "two");
}

TEST(SecretFileTest, names_its_key_and_says_where_to_mount_it) {
  const std::filesystem::path path = "/no/such/file";
  const auto error = SecretFile{"s3", path}.read(10).error();
  EXPECT_EQ(error.code, ErrorCode::kUpstream);
  EXPECT_EQ(error.reason, Reason::kSourceUnauthorized);
  EXPECT_THAT(error.message, StartsWith("s3: /no/such/file cannot be read: "));
  EXPECT_THAT(error.message, HasSubstr("; mount it into the sidecar's container"));
}

TEST(SecretFileTest, is_no_longer_than_it_may_be) {
  const tests::TemporaryFolder folder;
  const auto path = folder.write("a", "12345");
  const SecretFile file{"s3", path};
  EXPECT_TRUE(file.read(5));
  EXPECT_FALSE(file.read(4));
}

TEST(SecretFileTest, is_called_unusable_by_key_and_path) {
  const std::filesystem::path path = "/x";
  EXPECT_EQ((SecretFile{"s3", path}.unusable("is empty").message), "s3: /x is empty");
}

}  // namespace
}  // namespace okg::source
