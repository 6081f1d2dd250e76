#include "files/private_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "other_user.hpp"
#include "temporary_folder.hpp"

namespace okg::files {
namespace {

namespace fs = std::filesystem;

class PrivateFolder : public testing::Test {
 protected:
  PrivateFolder() { folder_.write("own/file", "text"); }
  [[nodiscard]] fs::path path() const { return folder_.path() / "own"; }
  [[nodiscard]] Folder own() const { return Folder::open(path()).value(); }
  void set_mode(mode_t mode) const { ASSERT_EQ(::chmod(path().c_str(), mode), 0); }
  [[nodiscard]] unsigned mode() const {
    struct stat status {};
    return ::stat(path().c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
  }

  tests::TemporaryFolder folder_;
};

using CheckOwner = PrivateFolder;
using CloseToOthers = PrivateFolder;
using HasOwnerOf = PrivateFolder;
using Empty = PrivateFolder;

TEST_F(CheckOwner, takes_a_folder_of_ours) { EXPECT_TRUE(check_owner(own())); }

TEST_F(CheckOwner, refuses_one_that_belongs_to_somebody_else) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(::chown(path().c_str(), 33, 33), 0);
  const auto error = check_owner(own()).error();
  EXPECT_EQ(error.code, ErrorCode::kForbidden);
  EXPECT_EQ(error.reason, Reason::kNoPermission);
  EXPECT_EQ(error.message, path().string() +
                               " belongs to user 33, not to user 0, so that nothing in it can be "
                               "trusted");
}

TEST_F(CheckOwner, leaves_no_probe_behind) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(::chown(path().c_str(), 33, 33), 0);
  EXPECT_FALSE(check_owner(own()));
  EXPECT_FALSE(fs::exists(path() / "owner.probe"));
}

TEST_F(CheckOwner, takes_a_folder_whose_file_system_gives_all_to_that_user) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(::chown(path().c_str(), tests::kOtherUser, tests::kOtherUser), 0);
  const auto folder = own();
  const tests::AsOtherUser as;  // new files are that user's, as where NFS maps root
  EXPECT_TRUE(check_owner(folder));
}

TEST_F(CloseToOthers, takes_away_what_lets_others_in) {
  set_mode(02777);
  ASSERT_TRUE(close_to_others(own()));
  EXPECT_EQ(mode(), 0700U);
}

TEST_F(CloseToOthers, leaves_a_closed_folder_as_it_is) {
  set_mode(0500);
  ASSERT_TRUE(close_to_others(own()));
  EXPECT_EQ(mode(), 0500U);
}

TEST_F(CloseToOthers, refuses_a_folder_that_others_can_write_in_for_good) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  set_mode(0777);
  const auto folder = own();
  const tests::AsOtherUser as;
  const auto error = close_to_others(folder).error();
  EXPECT_EQ(error.code, ErrorCode::kForbidden);
  EXPECT_EQ(error.reason, Reason::kNoPermission);
  EXPECT_EQ(error.message,
            "others can write in " + path().string() + ", and its mode cannot be changed");
}

TEST_F(CloseToOthers, puts_up_with_readers) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  set_mode(0755);
  const auto folder = own();
  const tests::AsOtherUser as;
  EXPECT_TRUE(close_to_others(folder));
}

TEST_F(HasOwnerOf, tells_files_of_others) {
  const auto folder = own();
  const auto file = folder.open_file("file", O_RDONLY).value();
  EXPECT_TRUE(has_owner_of(folder, file.get(), "file").value());
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(::fchown(file.get(), 33, 33), 0);
  EXPECT_FALSE(has_owner_of(folder, file.get(), "file").value());
}

TEST_F(HasOwnerOf, names_what_it_cannot_look_at) {
  EXPECT_THAT(has_owner_of(own(), -1, "/x/file").error().message,
              testing::HasSubstr("stat /x/file"));
}

TEST_F(Empty, removes_folders_with_all_that_is_in_them) {
  folder_.write("own/a/b/file", "deep");
  ASSERT_TRUE(empty(own()));
  EXPECT_TRUE(fs::is_empty(path()));
}

TEST_F(Empty, removes_nothing_that_a_symlink_names) {
  folder_.write("victim/file", "stays");
  fs::create_directory(path() / "a");
  fs::create_directory_symlink(folder_.path() / "victim", path() / "a/link");
  ASSERT_TRUE(empty(own()));
  EXPECT_EQ(folder_.read("victim/file"), "stays");
}

TEST_F(Empty, names_the_folder_of_what_stays) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  set_mode(0755);
  const auto folder = own();
  const tests::AsOtherUser as;
  EXPECT_THAT(empty(folder).error().message,
              testing::StartsWith(path().string() + ": remove file"));
}

}  // namespace
}  // namespace okg::files
