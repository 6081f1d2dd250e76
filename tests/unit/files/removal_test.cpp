#include "files/removal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <vector>

#include "files/folder.hpp"
#include "temporary_folder.hpp"

namespace okg::files {
namespace {

namespace fs = std::filesystem;

/// The real calls, of which one fails where it is told to.
class Calls final : public RemovalCalls {
 public:
  int rename(int from_folder, const char* from, int to_folder, const char* to) override {
    raised.emplace_back(to);
    return RemovalCalls::rename(from_folder, from, to_folder, to);
  }
  int unlink(int folder, const char* name) override {
    return name == stuck ? failed() : RemovalCalls::unlink(folder, name);
  }
  int remove_folder(int folder, const char* name) override {
    return name == stuck_folder ? failed() : RemovalCalls::remove_folder(folder, name);
  }

  std::string stuck;
  std::string stuck_folder;
  int cause = EBUSY;
  std::vector<std::string> raised;

 private:
  [[nodiscard]] int failed() const {
    errno = cause;
    return -1;
  }
};

class RemoveTree : public testing::Test {
 protected:
  Result<void> remove(const std::string& name) {
    return remove_tree(calls_, Folder::open(folder_.path()).value().fd(), name);
  }
  [[nodiscard]] bool is_empty() const { return fs::is_empty(folder_.path()); }

  tests::TemporaryFolder folder_;
  Calls calls_;
};

TEST_F(RemoveTree, removes_a_file) {
  folder_.write("a", "");
  ASSERT_TRUE(remove("a"));
  EXPECT_TRUE(is_empty());
}

TEST_F(RemoveTree, removes_a_folder_with_all_that_is_below) {
  folder_.write("a/b/c", "");
  folder_.write("a/d", "");
  ASSERT_TRUE(remove("a"));
  EXPECT_TRUE(is_empty());
}

TEST_F(RemoveTree, is_content_where_nothing_is) { EXPECT_TRUE(remove("a")); }

TEST_F(RemoveTree, removes_a_symlink_and_not_what_it_names) {
  folder_.write("victim/file", "stays");
  fs::create_directory_symlink("victim", folder_.path() / "link");
  ASSERT_TRUE(remove("link"));
  EXPECT_FALSE(fs::exists(fs::symlink_status(folder_.path() / "link")));
  EXPECT_EQ(folder_.read("victim/file"), "stays");
}

TEST_F(RemoveTree, names_a_file_that_stays) {
  folder_.write("a/file", "");
  calls_.stuck = "file";
  EXPECT_THAT(remove("a").error().message, testing::StartsWith("remove file: Device or resource"));
}

TEST_F(RemoveTree, names_a_folder_that_stays) {
  folder_.write("a/b/file", "");
  calls_.stuck_folder = "b";
  EXPECT_THAT(remove("a").error().message,
              testing::StartsWith("remove the folder b: Device or resource"));
}

TEST_F(RemoveTree, is_content_when_somebody_else_was_faster) {
  folder_.write("a/file", "");
  calls_.cause = ENOENT;
  calls_.stuck = "file";
  calls_.stuck_folder = "a";
  EXPECT_TRUE(remove("a"));
}

/// A folder at the name, and so many below one another in it.
void nest(const fs::path& top, std::size_t levels) {
  fs::create_directory(top);
  auto folder = Folder::open(top).value();
  for (std::size_t level = 0; level < levels; ++level)
    folder = folder.make_folder("d", 0700).value();
}

TEST_F(RemoveTree, raises_what_is_deeper_than_it_has_descriptors_for) {
  nest(folder_.path() / "a", kMaxLevels + 10);
  ASSERT_TRUE(remove("a"));
  EXPECT_TRUE(is_empty());
  EXPECT_THAT(calls_.raised, testing::ElementsAre("a.1"));
}

TEST_F(RemoveTree, takes_another_name_where_an_earlier_start_has_raised) {
  folder_.write("a.1/file", "");
  nest(folder_.path() / "a", kMaxLevels + 10);
  ASSERT_TRUE(remove("a"));
  EXPECT_THAT(calls_.raised, testing::ElementsAre("a.1", "a.2"));
}

}  // namespace
}  // namespace okg::files
