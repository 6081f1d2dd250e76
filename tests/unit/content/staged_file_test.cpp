#include "content/staged_file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/text/bytes.hpp"
#include "temporary_folder.hpp"

namespace okg::content {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

class StagedFileTest : public testing::Test {
 protected:
  [[nodiscard]] StagedName at(const std::string& name) const {
    return {files::Folder::open(folder_.path()).value(), name};
  }
  [[nodiscard]] StagedFile create() const { return StagedFile::create(at("1")).value(); }
  [[nodiscard]] bool is_there() const { return fs::exists(folder_.path() / "1"); }

  tests::TemporaryFolder folder_;
};

TEST_F(StagedFileTest, is_appended_to) {
  auto file = create();
  ASSERT_TRUE(file.write(as_bytes("one ")));
  ASSERT_TRUE(file.write(as_bytes("two")));
  EXPECT_EQ(folder_.read("1"), "one two");
}

TEST_F(StagedFileTest, is_for_its_owner_alone) {
  const auto file = create();
  EXPECT_EQ(fs::status(folder_.path() / "1").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(StagedFileTest, is_removed_with_its_owner) {
  { const auto file = create(); }
  EXPECT_FALSE(is_there());
}

TEST_F(StagedFileTest, stays_once_it_is_released) {
  create().release();
  EXPECT_TRUE(is_there());
}

TEST_F(StagedFileTest, is_removed_by_its_last_owner_alone) {
  auto first = create();
  {
    const auto second = std::move(first);
    EXPECT_TRUE(is_there());
  }
  EXPECT_FALSE(is_there());
}

TEST_F(StagedFileTest, begins_again) {
  auto file = create();
  ASSERT_TRUE(file.write(as_bytes("long")));
  ASSERT_TRUE(file.restart());
  ASSERT_TRUE(file.write(as_bytes("new")));
  EXPECT_EQ(folder_.read("1"), "new");
}

TEST_F(StagedFileTest, gives_back_what_was_reserved_beyond_it) {
  auto file = create();
  ASSERT_TRUE(file.reserve(1 << 20, {0}));
  ASSERT_TRUE(file.write(as_bytes("a")));
  ASSERT_TRUE(file.finish());
  struct stat status {};
  ASSERT_EQ(::fstat(file.fd(), &status), 0);
  EXPECT_EQ(status.st_size, 1);
  EXPECT_LT(status.st_blocks * 512, 1 << 20);
}

TEST_F(StagedFileTest, meets_a_full_disk_before_the_first_byte) {
  auto file = create();
  const auto error = file.reserve(2 << 20, {100, "minFree"}).error();
  EXPECT_EQ(error.code, ErrorCode::kNoSpace);
  EXPECT_THAT(error.message, testing::StartsWith("reserve 2 MiB in " + folder_.path().string()));
}

TEST_F(StagedFileTest, looks_at_what_is_free_as_it_comes_without_a_length) {
  auto file = create();
  ASSERT_TRUE(file.reserve(std::nullopt, {100}));
  const auto error = file.write(as_bytes(std::string(2 << 20, 'x'))).error();
  EXPECT_EQ(error.code, ErrorCode::kNoSpace);
  EXPECT_THAT(error.message, HasSubstr("write " + file.path()));
}

TEST_F(StagedFileTest, takes_over_what_is_there_for_reading) {
  folder_.write("1", "kept");
  auto file = StagedFile::adopt(at("1")).value();
  EXPECT_FALSE(file.write(as_bytes("x")));
  EXPECT_EQ(folder_.read("1"), "kept");
}

TEST_F(StagedFileTest, takes_over_no_symlink) {
  folder_.write("other", "safe");
  fs::create_symlink("other", folder_.path() / "1");
  EXPECT_FALSE(StagedFile::adopt(at("1")));
  EXPECT_EQ(folder_.read("other"), "safe");
}

}  // namespace
}  // namespace okg::content
