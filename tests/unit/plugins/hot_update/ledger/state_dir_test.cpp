#include "plugins/hot_update/ledger/state_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "other_user.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

class BesideState : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::chmod(volume_.c_str(), 02777), 0); }
  [[nodiscard]] static unsigned mode_of(const std::filesystem::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
  }

  tests::TemporaryFolder folder_;
  std::filesystem::path volume_ = folder_.path();
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

class StateDirTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "state"; }
  [[nodiscard]] Error error() const { return StateDir::open(path()).error(); }

  tests::TemporaryFolder folder_;
};

TEST_F(StateDirTest, says_how_to_mount_a_volume_whose_folders_stay_open_to_others) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  std::filesystem::create_directory(path());
  ASSERT_EQ(::chmod(path().c_str(), 0777), 0);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
  const tests::AsOtherUser as;
  EXPECT_EQ(error().reason, Reason::kNoPermission);
  EXPECT_THAT(error().message,
              testing::HasSubstr("have the mode 0700 (dir_mode), or put stateDir"));
}

TEST_F(StateDirTest, says_what_to_do_about_a_folder_of_another_user) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  std::filesystem::create_directory(path());
  ASSERT_EQ(::chown(path().c_str(), 33, 33), 0);
  EXPECT_THAT(error().message, testing::HasSubstr("run the sidecar as that user (runAsUser)"));
}

TEST_F(StateDirTest, is_opened_by_one_sidecar_at_a_time) {
  const auto first = StateDir::open(path());
  ASSERT_TRUE(first);
  EXPECT_EQ(error().reason, Reason::kStateDirInUse);
}

TEST_F(StateDirTest, takes_no_symlink_for_the_folder) {
  std::filesystem::create_directory_symlink(folder_.path(), path());
  EXPECT_EQ(error().reason, Reason::kStateDirUnsafe);
}

TEST_F(StateDirTest, says_where_to_mount_the_volume_whose_parent_is_missing) {
  const auto error = StateDir::open(path() / "no/state").error();
  EXPECT_EQ(error.reason, Reason::kSharedDirectoryMissing);
  EXPECT_THAT(error.message, testing::HasSubstr("mount the shared volume at its parent"));
}

TEST_F(StateDirTest, empties_what_was_staged) {
  folder_.write("state/staging/half/file", "");
  ASSERT_TRUE(StateDir::open(path()));
  EXPECT_TRUE(std::filesystem::is_empty(path() / "staging"));
}

TEST_F(StateDirTest, keeps_what_was_kept) {
  folder_.write("state/kept/1", "old");
  ASSERT_TRUE(StateDir::open(path()));
  EXPECT_EQ(folder_.read("state/kept/1"), "old");
}

}  // namespace
}  // namespace okg::hot_update
