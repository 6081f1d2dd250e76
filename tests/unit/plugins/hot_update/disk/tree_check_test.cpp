#include "plugins/hot_update/disk/tree_check.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/io/unique_fd.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

/// A tree "t" with the file "a", the program "run", the folder "maps" with a file and the symlink
/// "link", and its index.
class TreeCheckTest : public testing::Test {
 protected:
  TreeCheckTest() {
    write("a", "one");
    write("run", "two");
    write("maps/desert", "three");
    std::filesystem::permissions(path("run"), std::filesystem::perms::owner_all);
    std::filesystem::create_symlink("a", path("link"));
    entries_ = {entry("", TreeKind::kFolder, ""),
                entry("a", TreeKind::kFile, "one"),
                entry("run", TreeKind::kFile, "two"),
                entry("maps", TreeKind::kFolder, ""),
                entry("maps/desert", TreeKind::kFile, "three"),
                entry("link", TreeKind::kSymlink, "a")};
    entries_[2].is_executable = true;
  }
  void write(const std::string& name, const std::string& text) { folder_.write("t/" + name, text); }
  [[nodiscard]] std::filesystem::path path(const std::string& name) const {
    return folder_.path() / "t" / name;
  }
  static IndexEntry entry(const std::string& path, TreeKind kind, const std::string& content) {
    IndexEntry entry;
    entry.path = path;
    entry.kind = kind;
    entry.bytes = content.size();
    if (kind != TreeKind::kFolder) entry.sha256 = sha256_of(content);
    return entry;
  }
  [[nodiscard]] bool is_same(const TreeCheck& check = {}, const std::string& name = "t") const {
    const unique_fd folder(::open(folder_.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    return is_what_index_says(folder.get(), name, entries_, check).value();
  }

  tests::TemporaryFolder folder_;
  std::vector<IndexEntry> entries_;
};

TEST_F(TreeCheckTest, is_the_same_by_its_content) { EXPECT_TRUE(is_same()); }

TEST_F(TreeCheckTest, is_not_the_same_with_other_content_of_the_same_length) {
  write("maps/desert", "THREE");
  EXPECT_FALSE(is_same());
}

TEST_F(TreeCheckTest, is_not_the_same_with_another_length) {
  write("a", "one more");
  EXPECT_FALSE(is_same());
}

TEST_F(TreeCheckTest, reads_no_file_that_nobody_wrote_to_since_it_was_noted) {
  struct stat status {};
  ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
  entries_[1].note(status);
  entries_[1].sha256 = sha256_of("something else");
  EXPECT_TRUE(is_same());
}

TEST_F(TreeCheckTest, reads_a_file_that_was_replaced_since_it_was_noted) {
  struct stat status {};
  ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
  entries_[1].note(status);
  folder_.write("new", "ONE");
  std::filesystem::rename(folder_.path() / "new", path("a"));
  EXPECT_FALSE(is_same());
}

TEST_F(TreeCheckTest, is_not_the_same_where_something_is_missing) {
  std::filesystem::remove(path("link"));
  EXPECT_FALSE(is_same());
}

TEST_F(TreeCheckTest, is_not_the_same_where_a_folder_became_a_file) {
  write("empty", "");
  entries_.push_back(entry("empty", TreeKind::kFolder, ""));
  EXPECT_FALSE(is_same());
}

TEST_F(TreeCheckTest, is_not_the_same_where_a_symlink_became_a_file_that_says_the_same) {
  std::filesystem::remove(path("link"));
  write("link", "a");
  EXPECT_FALSE(is_same());
}

TEST_F(TreeCheckTest, is_not_the_same_where_a_symlink_leads_elsewhere) {
  std::filesystem::remove(path("link"));
  std::filesystem::create_symlink("b", path("link"));
  EXPECT_FALSE(is_same());
}

TEST_F(TreeCheckTest, is_not_the_same_with_another_execute_bit) {
  std::filesystem::permissions(path("run"), std::filesystem::perms::owner_read);
  EXPECT_FALSE(is_same());
}

TEST_F(TreeCheckTest, may_have_files_of_the_game_unless_it_may_not) {
  write("maps/save", "of the game");
  EXPECT_TRUE(is_same());
  EXPECT_FALSE(is_same({.extras = Extras::kNone}));
}

TEST_F(TreeCheckTest, has_nothing_more_where_it_is_what_it_was) {
  EXPECT_TRUE(is_same({.extras = Extras::kNone}));
}

TEST_F(TreeCheckTest, does_not_look_at_paths_that_are_excused) {
  write("a", "of somebody else");
  const auto is_a = [](const std::string& path) { return path == "a"; };
  EXPECT_TRUE(is_same({.extras = Extras::kNone, .is_excused = is_a}));
}

TEST_F(TreeCheckTest, is_not_the_same_where_there_is_no_folder) {
  EXPECT_FALSE(is_same({}, "elsewhere"));
  EXPECT_FALSE(is_same({}, "t/a"));
}

TEST_F(TreeCheckTest, follows_no_symlink_to_a_folder) {
  std::filesystem::create_symlink("t", folder_.path() / "s");
  EXPECT_FALSE(is_same({}, "s"));
}

TEST_F(TreeCheckTest, may_be_one_file) {
  entries_ = {entry("", TreeKind::kFile, "one")};
  EXPECT_TRUE(is_same({}, "t/a"));
  EXPECT_FALSE(is_same({}, "t/run"));
}

}  // namespace
}  // namespace okg::hot_update
