#include "files/replace.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "temporary_folder.hpp"

namespace okg::files {
namespace {

namespace fs = std::filesystem;

/// A folder with a file "a" that holds "old".
class Replace : public testing::Test {
 protected:
  Replace() { folder_.write("a", "old"); }

  [[nodiscard]] Folder folder() const { return Folder::open(folder_.path()).value(); }
  Result<void> replace() const {
    if (auto file = write_beside(folder(), "a", "new", Sync::kYes); !file) return file.error();
    return put_in_place(folder(), "a");
  }
  [[nodiscard]] std::string content() const { return folder().read("a", 100).value(); }
  [[nodiscard]] std::size_t names() const { return folder().names()->size(); }

  tests::TemporaryFolder folder_;
};

TEST_F(Replace, gives_the_name_new_content_that_only_its_owner_reads) {
  ASSERT_TRUE(replace());
  EXPECT_EQ(content(), "new");
  EXPECT_EQ(fs::status(folder_.path() / "a").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(names(), 1U);
}

TEST_F(Replace, changes_nothing_until_it_is_put_in_place) {
  ASSERT_TRUE(write_beside(folder(), "a", "new", Sync::kNo));
  EXPECT_EQ(content(), "old");
}

TEST_F(Replace, writes_through_nothing_that_is_planted_beside) {
  folder_.write("other", "safe");
  fs::create_symlink("other", folder_.path() / "a.new");
  ASSERT_TRUE(replace());
  EXPECT_EQ(folder().read("other", 100).value(), "safe");
}

TEST_F(Replace, leaves_nothing_beside_what_cannot_be_replaced) {
  fs::remove(folder_.path() / "a");
  fs::create_directory(folder_.path() / "a");
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
