#include "bundle/listing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text/bytes.hpp"
#include "temporary_folder.hpp"

namespace okg::bundle {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;

class ListFolder : public testing::Test {
 protected:
  [[nodiscard]] fs::path path() const { return folder_.path(); }
  [[nodiscard]] auto list(const fs::path& but = {}) const { return list_folder(path(), but); }
  [[nodiscard]] std::vector<std::string> paths(const fs::path& but = {}) const {
    std::vector<std::string> paths;
    const auto items = list(but).value();
    for (const auto& item : items) paths.push_back(item.path);
    return paths;
  }
  [[nodiscard]] Item only_item() const { return list().value().at(0); }

  tests::TemporaryFolder folder_;
};

TEST_F(ListFolder, is_sorted_byte_by_byte_with_a_folder_before_what_is_in_it) {
  for (const auto* name : {"b/2", "b/1", "C", "b-old", "ä", "z"}) folder_.write(name, "");
  EXPECT_THAT(paths(), ElementsAre("C", "b", "b-old", "b/1", "b/2", "z", "ä"));
}

TEST_F(ListFolder, says_how_many_bytes_a_file_has) {
  folder_.write("a", "12345");
  EXPECT_EQ(only_item().bytes, 5U);
}

TEST_F(ListFolder, takes_the_x_of_the_owner_alone) {
  fs::permissions(folder_.write("a", ""), fs::perms::owner_all);
  fs::permissions(folder_.write("b", ""), fs::perms::owner_read | fs::perms::others_exec);
  EXPECT_TRUE(list()->at(0).is_executable);
  EXPECT_FALSE(list()->at(1).is_executable);
}

TEST_F(ListFolder, tells_what_a_symlink_says) {
  folder_.write("z", "");
  fs::create_symlink("z", path() / "a");
  EXPECT_EQ(only_item().kind, Kind::kSymlink);
  EXPECT_EQ(only_item().link, "z");
}

TEST_F(ListFolder, lists_an_empty_folder_and_nothing_behind_a_symlink_to_one) {
  folder_.write("maps/1", "");
  fs::create_directory(path() / "empty");
  fs::create_directory_symlink("maps", path() / "now");
  EXPECT_THAT(paths(), ElementsAre("empty", "maps", "maps/1", "now"));
}

TEST_F(ListFolder, leaves_out_the_output_and_its_part) {
  folder_.write("a", "");
  const auto output = folder_.write("v1.tar", "");
  folder_.write("v1.tar.part", "");
  EXPECT_THAT(paths(output), ElementsAre("a"));
}

TEST_F(ListFolder, leaves_the_output_out_by_whatever_name_it_is_there) {
  folder_.write("a", "");
  folder_.write("sub/v1.tar", "");
  EXPECT_THAT(paths(path() / "sub/../sub/v1.tar"), ElementsAre("a", "sub"));
}

TEST_F(ListFolder, refuses_a_folder_without_a_file) {
  fs::create_directories(path() / "a/b");
  const auto error = list().error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_EQ(error.message, path().string() + " holds no file");
}

TEST_F(ListFolder, names_what_is_no_file_folder_or_symlink) {
  ASSERT_EQ(::mkfifo((path() / "pipe").c_str(), 0600), 0);
  const auto error = list().error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_THAT(error.message, HasSubstr("/pipe is neither a file, a folder nor a symlink"));
}

TEST_F(ListFolder, refuses_names_that_differ_in_case_alone) {
  folder_.write("maps/a.json", "");
  folder_.write("maps/A.json", "");
  EXPECT_THAT(list().error().message, HasSubstr("maps/A.json"));
}

TEST_F(ListFolder, refuses_a_symlink_that_leads_out) {
  folder_.write("a", "");
  fs::create_symlink("../b", path() / "out");
  EXPECT_THAT(list().error().message, HasSubstr("out"));
}

TEST_F(ListFolder, refuses_a_name_that_the_sidecar_would_refuse) {
  folder_.write("a\nb", "");
  EXPECT_FALSE(list());
}

TEST_F(ListFolder, names_a_folder_that_is_not_there) {
  const auto missing = path() / "no";
  const auto error = list_folder(missing, {}).error();
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_THAT(error.message, HasSubstr("list " + missing.string()));
}

class ReadItem : public ListFolder {
 protected:
  /// What comes of a file that says it has `bytes`.
  Result<void> read(std::uint64_t bytes) {
    return read_item(path(), {"a", Kind::kFile, false, bytes}, [&](auto part) {
      got_ += as_text(part);
      return Result<void>();
    });
  }
  std::string got_;
};

TEST_F(ReadItem, brings_all_bytes_also_those_beyond_one_buffer) {
  const std::string text(300'000, 'x');
  folder_.write("a", text);
  ASSERT_TRUE(read(text.size()));
  EXPECT_EQ(got_, text);
}

TEST_F(ReadItem, refuses_a_file_that_has_grown_or_shrunk) {
  folder_.write("a", "12345");
  for (const std::uint64_t bytes : {4U, 6U}) {
    const auto error = read(bytes).error();
    EXPECT_EQ(error.code, ErrorCode::kInvalid);
    EXPECT_THAT(error.message, HasSubstr("/a changed while it was read; try again"));
  }
}

TEST_F(ReadItem, does_not_read_on_where_there_is_no_end) {
  const auto done = read_item("/dev", {"zero", Kind::kFile, false, 1}, [&](auto part) {
    got_ += as_text(part);
    return Result<void>();
  });
  EXPECT_FALSE(done);
  EXPECT_EQ(got_, "");
}

TEST_F(ReadItem, follows_no_symlink_that_has_taken_its_place) {
  folder_.write("b", "12345");
  fs::create_symlink("b", path() / "a");
  EXPECT_THAT(read(5).error().message, HasSubstr("open " + (path() / "a").string()));
}

TEST_F(ReadItem, passes_on_what_the_taker_says) {
  folder_.write("a", "1");
  const auto done = read_item(path(), {"a", Kind::kFile, false, 1},
                              [](auto) { return Result<void>(fail(ErrorCode::kNoSpace, "full")); });
  EXPECT_EQ(done.error().message, "full");
}

}  // namespace
}  // namespace okg::bundle
