#include "bundle/tar_writer.hpp"

#include <gtest/gtest.h>

#include "base/text/bytes.hpp"
#include "content/archive/packed.hpp"

namespace okg::bundle {
namespace {

/// What comes of `calls` of a writer.
template <class Calls>
std::string written_by(const Calls& calls) {
  std::string out;
  const Take take = [&](auto bytes) {
    out += as_text(bytes);
    return Result<void>();
  };
  TarWriter tar(take);
  calls(tar);
  return out;
}

std::string header_of(const Item& item) {
  return written_by([&](TarWriter& tar) { EXPECT_TRUE(tar.begin(item)); });
}

/// The tar of one file, without its end.
std::string tar_of(const Item& item, const std::string& content) {
  return written_by([&](TarWriter& tar) {
    EXPECT_TRUE(tar.begin(item));
    EXPECT_TRUE(tar.write(as_bytes(content)));
    EXPECT_TRUE(tar.end(item));
  });
}

Item file_of(const std::string& path, std::uint64_t bytes = 0) {
  return {path, Kind::kFile, false, bytes};
}

/// Without the NUL at its end. @source POSIX pax(1), "ustar Interchange Format"
std::string field(const std::string& tar, std::size_t at, std::size_t width) {
  return tar.substr(at, width).c_str();
}

TEST(TarWriter, writes_a_file_as_ustar_has_it) {
  EXPECT_EQ(tar_of(file_of("maps/1.json", 3), "abc"),
            content::tar_entry({.name = "maps/1.json", .content = "abc"}));
}

TEST(TarWriter, fills_up_to_whole_blocks) {
  EXPECT_EQ(tar_of(file_of("a"), "").size(), 512U);
  EXPECT_EQ(tar_of(file_of("a", 1), "x").size(), 1024U);
  EXPECT_EQ(tar_of(file_of("a", 512), std::string(512, 'x')).size(), 1024U);
  EXPECT_EQ(tar_of(file_of("a", 513), std::string(513, 'x')).size(), 1536U);
}

TEST(TarWriter, tells_the_kinds_apart) {
  EXPECT_EQ(header_of(file_of("a")).at(156), '0');
  EXPECT_EQ(header_of({"a", Kind::kSymlink, false, 0, "b"}).at(156), '2');
  EXPECT_EQ(header_of({"a", Kind::kFolder}).at(156), '5');
}

TEST(TarWriter, keeps_of_modes_the_x_alone) {
  EXPECT_EQ(field(header_of(file_of("a")), 100, 8), "0000644");
  EXPECT_EQ(field(header_of({"a", Kind::kFile, true}), 100, 8), "0000755");
  EXPECT_EQ(field(header_of({"a", Kind::kFolder}), 100, 8), "0000755");
}

TEST(TarWriter, has_no_owner_and_no_time) {
  const auto tar = header_of(file_of("a"));
  EXPECT_EQ(field(tar, 108, 8), "0000000");
  EXPECT_EQ(field(tar, 116, 8), "0000000");
  EXPECT_EQ(field(tar, 136, 12), "00000000000");
}

TEST(TarWriter, puts_what_a_symlink_says_where_it_belongs) {
  EXPECT_EQ(field(header_of({"a", Kind::kSymlink, false, 0, "maps/1"}), 157, 100), "maps/1");
}

TEST(TarWriter, takes_a_name_of_a_hundred_bytes_without_a_record) {
  EXPECT_EQ(header_of(file_of(std::string(100, 'a'))).size(), 512U);
}

/// The records in front of an item: one header, and a block of them.
std::string records_of(const Item& item) {
  const auto tar = header_of(item);
  EXPECT_EQ(tar.at(156), 'x');
  EXPECT_EQ(tar.size(), 1536U);
  return field(tar, 512, 512);
}

TEST(TarWriter, puts_a_longer_name_into_a_record) {
  const std::string name(101, 'a');
  EXPECT_EQ(records_of(file_of(name)), "111 path=" + name + "\n");
}

TEST(TarWriter, counts_the_digits_of_a_record_s_own_length) {
  // 100 is the length of none: one digit more makes it 101.
  const std::string name = "\u00e4" + std::string(87, 'a');
  EXPECT_EQ(records_of(file_of(name)), "98 path=" + name + "\n");
  EXPECT_EQ(records_of(file_of(name + "a")), "99 path=" + name + "a\n");
  EXPECT_EQ(records_of(file_of(name + "aa")), "101 path=" + name + "aa\n");
}

TEST(TarWriter, puts_what_is_no_ascii_into_a_record) {
  EXPECT_EQ(records_of(file_of("\u56fe")), "12 path=\u56fe\n");
  EXPECT_EQ(records_of({"a", Kind::kSymlink, false, 0, "\u56fe"}), "16 linkpath=\u56fe\n");
}

TEST(TarWriter, puts_a_size_of_8_gib_into_a_record) {
  const std::uint64_t most = 077777777777;
  EXPECT_EQ(field(header_of(file_of("a", most)), 124, 12), "77777777777");
  EXPECT_EQ(records_of(file_of("a", most + 1)), "19 size=8589934592\n");
}

TEST(TarWriter, ends_with_two_empty_blocks) {
  const auto end = written_by([](TarWriter& tar) { EXPECT_TRUE(tar.finish()); });
  EXPECT_EQ(end, std::string(1024, '\0'));
}

TEST(TarWriter, passes_on_what_the_taker_says) {
  const Take full = [](auto) { return Result<void>(fail(ErrorCode::kNoSpace, "full")); };
  EXPECT_EQ(TarWriter(full).begin(file_of("a")).error().message, "full");
}

}  // namespace
}  // namespace okg::bundle
