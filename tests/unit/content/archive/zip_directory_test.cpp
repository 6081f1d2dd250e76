#include "content/archive/zip_directory.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/io/unique_fd.hpp"
#include "packed.hpp"
#include "temporary_folder.hpp"

namespace okg::content {
namespace {

using testing::HasSubstr;

class ZipDirectoryTest : public testing::Test {
 protected:
  Result<ZipDirectory> read(const std::string& text) {
    return read_zip_directory(open(text).get(), limits_);
  }
  std::string words_of(const std::string& text) {
    const auto zip = read(text);
    if (zip) return "";
    EXPECT_EQ(zip.error().code, ErrorCode::kRefused);
    return zip.error().message;
  }
  [[nodiscard]] unique_fd open(const std::string& text) const {
    return unique_fd(::open(folder_.write("a", text).c_str(), O_RDONLY | O_CLOEXEC));
  }
  /// With `bytes` in place of what is at `at`.
  static std::string with(std::string zip, std::size_t at, const std::string& bytes) {
    return zip.replace(at, bytes.size(), bytes);
  }

  ArchiveLimits limits_;
  const std::string zip_ = zip_of({{.name = "a", .content = "text"}, {.name = "b"}});
  const std::size_t central_ = zip_.find("PK\x01\x02");
  const std::size_t end_ = zip_.find("PK\x05\x06");

 private:
  tests::TemporaryFolder folder_;
};

TEST_F(ZipDirectoryTest, has_the_names_in_the_order_of_their_places) {
  const auto zip = read(zip_).value();
  ASSERT_EQ(zip.names.size(), 2U);
  EXPECT_EQ(zip.names[0].raw, "a");
  EXPECT_EQ(zip.names[0].at, 0U);
  EXPECT_EQ(zip.names[1].raw, "b");
  EXPECT_EQ(zip.names[1].at, 30U + 1 + 4);
}

TEST_F(ZipDirectoryTest, says_which_names_are_utf8) {
  const auto zip = read(zip_of({{.name = "a"}, {.name = "b", .flags = 0}})).value();
  EXPECT_TRUE(zip.names[0].is_utf8);
  EXPECT_FALSE(zip.names[1].is_utf8);
}

TEST_F(ZipDirectoryTest, knows_fifos) {
  const auto zip = read(zip_of({{.name = "a"}, {.name = "b", .mode = 0010644}})).value();
  EXPECT_FALSE(zip.names[0].is_fifo);
  EXPECT_TRUE(zip.names[1].is_fifo);
}

TEST_F(ZipDirectoryTest, ends_before_its_comment) {
  EXPECT_EQ(read(with_comment(zip_, "hello"))->end, zip_.size());
}

TEST_F(ZipDirectoryTest, may_have_a_comment_that_looks_like_an_end) {
  EXPECT_EQ(read(with_comment(zip_, zip_.substr(end_, 10)))->names.size(), 2U);
}

TEST_F(ZipDirectoryTest, is_read_from_a_zip64_as_well) {
  EXPECT_EQ(read(with_zip64(zip_))->names.size(), 2U);
}

TEST_F(ZipDirectoryTest, has_as_many_entries_as_a_plain_zip_has_room_for) {
  // As many are what the ZIP64 writes where it has its own count.
  std::vector<ZipEntry> entries;
  for (int i = 0; i < 65'535; ++i) entries.push_back({std::to_string(i), ""});
  const auto directory = read(zip_of(entries));
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ(directory->names.size(), 65'535U);
}

TEST_F(ZipDirectoryTest, may_be_empty) { EXPECT_TRUE(read(zip_of({}))->names.empty()); }

TEST_F(ZipDirectoryTest, is_refused_when_it_is_cut_short_at_any_byte) {
  for (std::size_t bytes = 0; bytes < zip_.size(); ++bytes)
    EXPECT_NE(words_of(zip_.substr(0, bytes)), "") << bytes;
}

TEST_F(ZipDirectoryTest, is_refused_with_anything_before_between_or_behind) {
  EXPECT_THAT(words_of("#!" + zip_), HasSubstr("or something stands before the zip"));
  EXPECT_THAT(words_of(zip_ + "x"), HasSubstr("is followed by something else"));
}

TEST_F(ZipDirectoryTest, is_refused_where_no_entry_is) {
  EXPECT_THAT(words_of(with(zip_, 0, "XX")), HasSubstr("no entry where its directory says"));
}

TEST_F(ZipDirectoryTest, is_refused_when_entries_overlap) {
  EXPECT_THAT(words_of(zip_of({{.name = "a", .content = "text"}, {.name = "b", .at = 0}})),
              HasSubstr("overlap"));
}

TEST_F(ZipDirectoryTest, is_refused_when_an_entry_reaches_into_it) {
  EXPECT_THAT(words_of(with(zip_, central_ + 20, little(1 << 20, 4))), HasSubstr("overlap"));
}

TEST_F(ZipDirectoryTest, is_refused_when_it_is_encrypted) {
  EXPECT_THAT(words_of(zip_of({{.name = "a", .flags = 1}})),
              HasSubstr("pack it without a password"));
}

TEST_F(ZipDirectoryTest, is_refused_in_parts) {
  EXPECT_THAT(words_of(with(zip_, end_ + 4, little(1, 2))), HasSubstr("one part of several"));
  EXPECT_THAT(words_of(with(zip_, central_ + 34, little(1, 2))), HasSubstr("one part of several"));
}

TEST_F(ZipDirectoryTest, is_refused_with_another_method_than_deflate) {
  const auto lzma = with(with(zip_, 8, little(14, 2)), central_ + 10, little(14, 2));
  EXPECT_THAT(words_of(lzma), HasSubstr("'a' by a method that is not read (14)"));
}

TEST_F(ZipDirectoryTest, is_refused_with_two_methods) {
  EXPECT_THAT(words_of(with(zip_, 8, little(8, 2))), HasSubstr("by another where it lies (8)"));
}

TEST_F(ZipDirectoryTest, is_refused_with_more_entries_than_may_be) {
  limits_.max_files = {1, "archive.maxFiles"};
  EXPECT_EQ(words_of(zip_), "the archive has more entries than archive.maxFiles (1) allows");
}

TEST_F(ZipDirectoryTest, is_refused_with_another_number_of_entries_than_it_says) {
  EXPECT_THAT(words_of(with(zip_, end_ + 10, little(3, 2))), HasSubstr("is cut short"));
}

TEST_F(ZipDirectoryTest, is_refused_when_it_takes_too_much_memory) {
  limits_.max_name_bytes = 10;
  EXPECT_THAT(words_of(zip_), HasSubstr("directory is larger than 20 B"));
}

TEST_F(ZipDirectoryTest, is_told_by_how_a_file_begins) {
  EXPECT_TRUE(is_zip(open(zip_).get()));
  EXPECT_TRUE(is_zip(open(zip_of({})).get()));
  for (const auto* text : {"", "PK", "PK\x01\x02", "#!PK\x03\x04"})
    EXPECT_FALSE(is_zip(open(text).get())) << text;
}

TEST_F(ZipDirectoryTest, is_told_by_how_a_file_ends) {
  EXPECT_TRUE(ends_as_zip(open("#!" + zip_).get()));
  EXPECT_FALSE(ends_as_zip(open(zip_ + "x").get()));
  EXPECT_FALSE(ends_as_zip(open("").get()));
}

}  // namespace
}  // namespace okg::content
