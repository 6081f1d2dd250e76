#include "bundle/output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace okg::bundle {
namespace {

namespace fs = std::filesystem;

class OutputTest : public testing::Test {
 protected:
  [[nodiscard]] fs::path path() const { return folder_.path() / "v1.tar"; }
  [[nodiscard]] Output create() const { return Output::create(path()).value(); }

  tests::TemporaryFolder folder_;
};

TEST_F(OutputTest, has_its_name_and_its_checksum_when_it_is_finished) {
  auto output = create();
  ASSERT_TRUE(output.write("one "));
  ASSERT_TRUE(output.write("two"));
  EXPECT_EQ(output.finish().value(), sha256_of("one two"));
  EXPECT_EQ(folder_.read("v1.tar"), "one two");
}

TEST_F(OutputTest, leaves_the_old_file_alone_until_then) {
  folder_.write("v1.tar", "old");
  auto output = create();
  ASSERT_TRUE(output.write("new"));
  EXPECT_EQ(folder_.read("v1.tar"), "old");
}

TEST_F(OutputTest, leaves_nothing_behind_when_it_is_not_finished) {
  ASSERT_TRUE(create().write("half"));
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(OutputTest, is_moved_as_a_whole) {
  auto output = create();
  {
    const auto moved = std::move(output);
    EXPECT_TRUE(fs::exists(part_of(path())));
  }
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(OutputTest, holds_nothing_of_what_an_earlier_run_left) {
  folder_.write("v1.tar.part", "longer than the new one");
  auto output = create();
  ASSERT_TRUE(output.write("new"));
  ASSERT_TRUE(output.finish());
  EXPECT_EQ(folder_.read("v1.tar"), "new");
}

TEST_F(OutputTest, writes_through_no_symlink) {
  folder_.write("other", "safe");
  fs::create_symlink("other", part_of(path()));
  EXPECT_FALSE(Output::create(path()));
  EXPECT_EQ(folder_.read("other"), "safe");
}

TEST_F(OutputTest, names_the_file_that_cannot_be_made) {
  const auto missing = folder_.path() / "no/v1.tar";
  const auto error = Output::create(missing).error();
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_THAT(error.message, testing::HasSubstr("create " + missing.string() + ".part"));
}

TEST_F(OutputTest, names_what_it_cannot_replace) {
  fs::create_directory(path());
  auto output = create();
  EXPECT_THAT(output.finish().error().message, testing::HasSubstr("to " + path().string()));
}

}  // namespace
}  // namespace okg::bundle
