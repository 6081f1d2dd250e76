#include "content/archive/kind.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/io/unique_fd.hpp"
#include "base/text/bytes.hpp"
#include "packed.hpp"
#include "temporary_folder.hpp"

namespace okg::content {
namespace {

using testing::HasSubstr;

class ArchiveKind : public testing::Test {
 protected:
  bool is(const std::string& text) { return is_archive(open(text).get()); }
  std::string why_not(const std::string& text) { return why_no_archive(open(text).get()); }

  const std::string tar_ = tar_of({{.name = "a", .content = "text"}});

 private:
  [[nodiscard]] unique_fd open(const std::string& text) const {
    return unique_fd(::open(folder_.write("a", text).c_str(), O_RDONLY | O_CLOEXEC));
  }
  tests::TemporaryFolder folder_;
};

TEST(ForeignArchive, is_named_by_its_first_bytes) {
  EXPECT_EQ(foreign_archive(as_bytes("7z\xbc\xaf\x27\x1cmore")), "a 7z archive");
  EXPECT_EQ(foreign_archive(as_bytes("Rar!\x1a\x07\x01")), "a RAR archive");
  EXPECT_EQ(foreign_archive(as_bytes("BZh9")), "packed with bzip2");
  EXPECT_EQ(foreign_archive(as_bytes(std::string_view("\x5d\0\0\x80", 4))), "packed with lzma");
}

TEST(ForeignArchive, is_none_of_what_is_read_or_too_short) {
  for (const auto* text : {"", "7z", "PK\x03\x04", "\x1f\x8b", "hello"})
    EXPECT_EQ(foreign_archive(as_bytes(text)), "") << text;
}

TEST_F(ArchiveKind, is_an_archive_however_it_is_packed) {
  for (const auto& text : {tar_, gzip(tar_), zstd(tar_), xz(tar_), zip_of({{.name = "a"}})})
    EXPECT_TRUE(is(text));
}

TEST_F(ArchiveKind, is_an_archive_also_when_it_is_not_read_here) { EXPECT_TRUE(is("BZh9...")); }

TEST_F(ArchiveKind, is_no_archive_otherwise) {
  for (const auto& text :
       {std::string(), std::string("<html>"), gzip("<html>"), tar_.substr(0, 200)})
    EXPECT_FALSE(is(text));
}

TEST_F(ArchiveKind, names_formats_that_are_not_read) {
  EXPECT_EQ(why_not("BZh9"),
            "the content is packed with bzip2, which is not read; pack it as .tar.zst, .tar.gz, "
            ".tar.xz or .zip");
}

TEST_F(ArchiveKind, knows_what_is_packed_twice) {
  EXPECT_THAT(why_not(gzip(gzip(tar_))), HasSubstr("packed twice; pack the tar once"));
  EXPECT_THAT(why_not(gzip(zip_of({{.name = "a"}}))), HasSubstr("a zip that is packed once more"));
}

TEST_F(ArchiveKind, knows_a_damaged_tar) {
  EXPECT_THAT(why_not(tar_), HasSubstr("its first header is not one of a tar"));
}

TEST_F(ArchiveKind, knows_a_zip_with_something_before_it) {
  EXPECT_THAT(why_not("#!/bin/sh\n" + zip_of({{.name = "a"}})),
              HasSubstr("a zip with something else before it"));
}

TEST_F(ArchiveKind, says_what_to_do_with_a_plain_file) {
  for (const auto* text : {"", "<html>"})
    EXPECT_THAT(why_not(text), HasSubstr("leave out format=archive to publish it as a file"));
}

}  // namespace
}  // namespace okg::content
