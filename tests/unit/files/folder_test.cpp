#include "files/folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace okg::files {
namespace {

namespace fs = std::filesystem;

class FolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "okg-folder-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    fs::create_directory(path_ / "own");
    std::ofstream(path_ / "secret") << "secret";
    std::ofstream(path_ / "own/file") << "text";
  }
  void TearDown() override { fs::remove_all(path_); }

  [[nodiscard]] Folder own() const { return Folder::open(path_ / "own").value(); }
  [[nodiscard]] ErrorCode code_of_read(const std::string& name) const {
    const auto text = own().read(name, 100);
    return text ? ErrorCode::kConflict : text.error().code;
  }
  fs::path path_;
};

TEST_F(FolderTest, reads_what_is_in_it) { EXPECT_EQ(own().read("file", 4).value(), "text"); }

TEST_F(FolderTest, reads_no_more_than_it_is_told) {
  EXPECT_EQ(own().read("file", 3).error().code, ErrorCode::kRefused);
}

TEST_F(FolderTest, follows_no_symlink_to_a_file_or_through_a_folder) {
  fs::create_symlink(path_ / "secret", path_ / "own/link");
  fs::create_directory_symlink(path_, path_ / "own/folder");
  EXPECT_EQ(code_of_read("link"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of_read("folder/secret"), ErrorCode::kInvalid);
  EXPECT_EQ(own().open_folder("folder").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(Folder::open(path_ / "own/folder").error().code, ErrorCode::kInvalid);
}

TEST_F(FolderTest, leads_nowhere_out_of_it) {
  EXPECT_EQ(code_of_read("../secret"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of_read((path_ / "secret").string()), ErrorCode::kInvalid);
}

TEST_F(FolderTest, waits_for_nobody_at_a_fifo_and_takes_no_folder_for_a_file) {
  ::mkfifo((path_ / "own/fifo").c_str(), 0600);
  fs::create_directory(path_ / "own/inner");
  for (const auto* name : {"fifo", "inner"}) EXPECT_EQ(code_of_read(name), ErrorCode::kInvalid);
  EXPECT_EQ(own().open_file("fifo", O_RDWR | O_CREAT, 0600).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(own().open_file("fifo", O_WRONLY).error().code, ErrorCode::kInvalid);
}

TEST_F(FolderTest, stays_where_it_is_when_its_path_is_replaced) {
  const auto folder = own();
  fs::rename(path_ / "own", path_ / "moved");
  fs::create_directory_symlink("/", path_ / "own");
  EXPECT_EQ(folder.read("file", 4).value(), "text");
}

}  // namespace
}  // namespace okg::files
