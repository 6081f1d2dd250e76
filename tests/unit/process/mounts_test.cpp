#include "process/mounts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace okg::process {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(MountPointIn, a_folder_is_of_it_or_of_one_above_it) {
  const auto mounts =
      parse_mounts("1 0 0:1 / / rw\n2 1 8:1 /v /data rw\n3 2 8:2 / /data/a/saves rw\n");
  EXPECT_EQ(mount_point_in(mounts, "/data/a"), "/data/a/saves");
  EXPECT_EQ(mount_point_in(mounts, "/data/a/saves"), "/data/a/saves");
  EXPECT_EQ(mount_point_in(mounts, "/data/a/saves/1"), "");
  EXPECT_EQ(mount_point_in(mounts, "/data/a/save"), "");
  EXPECT_EQ(mount_point_in(mounts, "/data/b"), "");
}

class SingleFiles : public testing::Test {
 protected:
  SingleFiles() {
    std::filesystem::create_directories(shared_.path() / "content");
    shared_.write("map.json", "V1");
    own_ = parse_mounts("1 0 0:1 / / rw\n2 1 8:1 /pods/x/volumes/shared " +
                        shared_.path().string() + " rw\n");
  }

  [[nodiscard]] std::vector<SingleFileMount> found(const std::string& mountinfo) const {
    return single_file_mounts(parse_mounts(mountinfo), own_, shared_.path());
  }

  tests::TemporaryFolder shared_;
  std::vector<Mount> own_;
};

TEST_F(SingleFiles, and_mounts_inside_are_told_by_where_the_game_has_the_folder) {
  const auto inside =
      mounts_inside(parse_mounts("8 1 0:9 / / rw\n9 8 8:1 /pods/x/volumes/shared/content /html rw\n"
                                 "10 9 8:2 / /html/a/saves rw\n11 8 8:2 / /saves rw\n"),
                    own_, shared_.path());
  ASSERT_THAT(inside, SizeIs(1));
  EXPECT_EQ(inside[0].path, "content/a/saves");
  EXPECT_EQ(inside[0].point, "/html/a/saves");
}

TEST_F(SingleFiles, are_found_where_the_game_mounts_the_file_itself) {
  const auto files = found("9 1 8:1 /pods/x/volumes/shared/map.json /html/map.json rw\n");
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_EQ(files[0].file, "map.json");
  EXPECT_EQ(files[0].point, "/html/map.json");
}

TEST_F(SingleFiles, are_found_once_the_file_has_been_replaced) {
  EXPECT_THAT(found("9 1 8:1 /pods/x/volumes/shared/map.json//deleted /html/map.json rw\n"),
              SizeIs(1));
}

TEST_F(SingleFiles, are_not_folders) {
  EXPECT_THAT(found("9 1 8:1 /pods/x/volumes/shared/content /html rw\n"), IsEmpty());
}

TEST_F(SingleFiles, are_not_the_shared_directory_itself) {
  EXPECT_THAT(found("9 1 8:1 /pods/x/volumes/shared /html rw\n"), IsEmpty());
}

TEST_F(SingleFiles, are_not_files_of_another_volume_or_device) {
  EXPECT_THAT(found("9 1 8:1 /pods/x/volumes/shared-too/map.json /html/map.json rw\n"
                    "9 1 8:2 /pods/x/volumes/shared/map.json /html/map.json rw\n"),
              IsEmpty());
}

TEST_F(SingleFiles, may_have_spaces_in_their_names) {
  shared_.write("a map.json", "V1");
  const auto files =
      found("9 1 8:1 /pods/x/volumes/shared/a\\040map.json /html/a\\040map.json rw\n");
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_EQ(files[0].file, "a map.json");
}

TEST(ParseMounts, skips_lines_that_are_none) {
  EXPECT_THAT(parse_mounts("x\n\n1 2 3\n"), IsEmpty());
}

}  // namespace
}  // namespace okg::process
