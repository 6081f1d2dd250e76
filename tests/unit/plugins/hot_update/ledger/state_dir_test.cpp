#include "plugins/hot_update/ledger/state_dir.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace okg::hot_update {
namespace {

class BesideState : public testing::Test {
 protected:
  void SetUp() override {
    volume_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(volume_);
    std::filesystem::create_directory(volume_);
    ::chmod(volume_.c_str(), 02777);
  }
  [[nodiscard]] static unsigned mode_of(const std::filesystem::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
  }

  std::filesystem::path volume_;
};

TEST_F(BesideState, the_shared_directory_is_made_as_the_kubelet_makes_a_sub_path) {
  ASSERT_TRUE(make_beside_state(volume_ / "content", volume_ / "state"));
  EXPECT_EQ(mode_of(volume_ / "content"), 02777U);
}

TEST_F(BesideState, one_that_is_there_stays_as_it_is) {
  std::filesystem::create_directory(volume_ / "content");
  ::chmod((volume_ / "content").c_str(), 0755);
  ASSERT_TRUE(make_beside_state(volume_ / "content/", volume_ / "state"));
  EXPECT_EQ(mode_of(volume_ / "content"), 0755U);
}

TEST_F(BesideState, none_is_made_where_the_state_is_elsewhere_or_nothing_is_mounted) {
  ASSERT_TRUE(make_beside_state(volume_ / "content", volume_ / "content/.okg-sidecar"));
  EXPECT_FALSE(std::filesystem::exists(volume_ / "content"));
  ASSERT_TRUE(make_beside_state(volume_ / "nowhere/content", volume_ / "nowhere/state"));
  EXPECT_FALSE(std::filesystem::exists(volume_ / "nowhere"));
}

TEST_F(BesideState, a_folder_that_cannot_be_made_is_named) {
  const auto made = make_beside_state("/proc/content", "/proc/state");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, Reason::kSharedDirectoryMissing);
  EXPECT_NE(made.error().message.find("/proc/content"), std::string::npos);
}

}  // namespace
}  // namespace okg::hot_update
