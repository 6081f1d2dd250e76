#include "files/folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "temporary_folder.hpp"

namespace okg::files {
namespace {

namespace fs = std::filesystem;

class FolderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("secret", "secret");
    folder_.write("own/file", "text");
  }

  [[nodiscard]] Folder own() const { return Folder::open(folder_.path() / "own").value(); }
  [[nodiscard]] ErrorCode code_of_read(const std::string& name) const {
    const auto text = own().read(name, 100);
    return text ? ErrorCode::kConflict : text.error().code;
  }
  tests::TemporaryFolder folder_;
};

TEST_F(FolderTest, reads_what_is_in_it) { EXPECT_EQ(own().read("file", 4).value(), "text"); }

TEST_F(FolderTest, reads_no_more_than_it_is_told) {
  EXPECT_EQ(own().read("file", 3).error().code, ErrorCode::kRefused);
}

TEST_F(FolderTest, follows_no_symlink_to_a_file_or_through_a_folder) {
  fs::create_symlink(folder_.path() / "secret", folder_.path() / "own/link");
  fs::create_directory_symlink(folder_.path(), folder_.path() / "own/folder");
  EXPECT_EQ(code_of_read("link"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of_read("folder/secret"), ErrorCode::kInvalid);
  EXPECT_EQ(own().open_folder("folder").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(Folder::open(folder_.path() / "own/folder").error().code, ErrorCode::kInvalid);
}

TEST_F(FolderTest, leads_nowhere_out_of_it) {
  EXPECT_EQ(code_of_read("../secret"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of_read((folder_.path() / "secret").string()), ErrorCode::kInvalid);
}

TEST_F(FolderTest, waits_for_nobody_at_a_fifo_and_takes_no_folder_for_a_file) {
  ::mkfifo((folder_.path() / "own/fifo").c_str(), 0600);
  fs::create_directory(folder_.path() / "own/inner");
  for (const auto* name : {"fifo", "inner"}) EXPECT_EQ(code_of_read(name), ErrorCode::kInvalid);
  EXPECT_EQ(own().open_file("fifo", O_RDWR | O_CREAT, 0600).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(own().open_file("fifo", O_WRONLY).error().code, ErrorCode::kInvalid);
}

TEST_F(FolderTest, stays_where_it_is_when_its_path_is_replaced) {
  const auto folder = own();
  fs::rename(folder_.path() / "own", folder_.path() / "moved");
  fs::create_directory_symlink("/", folder_.path() / "own");
  EXPECT_EQ(folder.read("file", 4).value(), "text");
}

}  // namespace
}  // namespace okg::files
