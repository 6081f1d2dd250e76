#include "base/io/file_identity.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "temporary_folder.hpp"

namespace okg {
namespace {

class IdentifyFile : public testing::Test {
 protected:
  IdentifyFile() { folder_.write("a", "one"); }
  [[nodiscard]] FileIdentity identity(const std::string& name = "a") const {
    return identify_file(folder_.path() / name).value();
  }

  tests::TemporaryFolder folder_;
};

TEST_F(IdentifyFile, is_the_same_while_nobody_writes) { EXPECT_EQ(identity(), identity()); }

TEST_F(IdentifyFile, changes_when_the_file_grows) {
  const auto before = identity();
  folder_.write("a", "longer");
  EXPECT_NE(identity(), before);
}

TEST_F(IdentifyFile, changes_when_the_file_is_replaced_by_one_of_its_size_and_time) {
  const auto before = identity();
  folder_.write("b", "two");
  std::filesystem::last_write_time(folder_.path() / "b",
                                   std::filesystem::last_write_time(folder_.path() / "a"));
  std::filesystem::rename(folder_.path() / "b", folder_.path() / "a");
  EXPECT_EQ(identity().modified_ns, before.modified_ns);
  EXPECT_NE(identity(), before);
}

TEST_F(IdentifyFile, is_that_of_the_file_behind_a_link) {
  std::filesystem::create_symlink("a", folder_.path() / "link");
  EXPECT_EQ(identity("link"), identity());
}

TEST_F(IdentifyFile, changes_when_a_link_on_the_way_leads_elsewhere) {
  folder_.write("v1/token", "same");
  folder_.write("v2/token", "same");
  std::filesystem::create_directory_symlink("v1", folder_.path() / "data");
  const auto before = identity("data/token");
  EXPECT_EQ(before, identity("v1/token"));
  std::filesystem::remove(folder_.path() / "data");
  std::filesystem::create_directory_symlink("v2", folder_.path() / "data");
  EXPECT_NE(identity("data/token"), before);
}

TEST_F(IdentifyFile, says_which_file_is_not_there) {
  const auto missing = identify_file(folder_.path() / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("/none"), std::string::npos);
}

}  // namespace
}  // namespace okg
