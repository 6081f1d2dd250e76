#include "files/replace.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace okg::files {
namespace {

namespace fs = std::filesystem;

/// A folder with a file "a" that holds "old".
class Replace : public testing::Test {
 protected:
  Replace() {
    std::string name = (fs::temp_directory_path() / "okg-replace-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    std::ofstream(path_ / "a") << "old";
  }
  ~Replace() override { fs::remove_all(path_); }

  [[nodiscard]] Folder folder() const { return Folder::open(path_).value(); }
  Result<void> replace() const {
    if (auto file = write_beside(folder(), "a", "new", Sync::kYes); !file) return file.error();
    return put_in_place(folder(), "a");
  }
  [[nodiscard]] std::string content() const { return folder().read("a", 100).value(); }
  [[nodiscard]] std::size_t names() const { return folder().names()->size(); }

  fs::path path_;
};

TEST_F(Replace, gives_the_name_new_content_that_only_its_owner_reads) {
  ASSERT_TRUE(replace());
  EXPECT_EQ(content(), "new");
  EXPECT_EQ(fs::status(path_ / "a").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(names(), 1U);
}

TEST_F(Replace, changes_nothing_until_it_is_put_in_place) {
  ASSERT_TRUE(write_beside(folder(), "a", "new", Sync::kNo));
  EXPECT_EQ(content(), "old");
}

TEST_F(Replace, writes_through_nothing_that_is_planted_beside) {
  std::ofstream(path_ / "other") << "safe";
  fs::create_symlink("other", path_ / "a.new");
  ASSERT_TRUE(replace());
  EXPECT_EQ(folder().read("other", 100).value(), "safe");
}

TEST_F(Replace, leaves_nothing_beside_what_cannot_be_replaced) {
  fs::remove(path_ / "a");
  fs::create_directory(path_ / "a");
  EXPECT_FALSE(replace());
  EXPECT_EQ(names(), 1U);
}

TEST_F(Replace, takes_away_what_a_process_left_that_was_killed) {
  ASSERT_TRUE(write_beside(folder(), "a", "new", Sync::kNo));
  ASSERT_EQ(names(), 2U);
  remove_beside(folder(), "a");
  EXPECT_EQ(names(), 1U);
}

}  // namespace
}  // namespace okg::files
