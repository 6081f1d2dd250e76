#include "content/archive/inventory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace okg::content {
namespace {

using testing::HasSubstr;

class InventoryTest : public testing::Test {
 protected:
  std::string add(const std::string& path, EntryKind kind = EntryKind::kFile,
                  const std::string& link = "") {
    return words_of(inventory_.add({path, kind, false, link}));
  }
  static std::string words_of(const Result<void>& done) {
    if (done) return "";
    EXPECT_EQ(done.error().code, ErrorCode::kRefused);
    return done.error().message;
  }

  ArchiveLimits limits_;
  Inventory inventory_{limits_, 1000};
};

TEST_F(InventoryTest, counts_files_and_symlinks_and_no_folders) {
  limits_.allow_symlinks = {true};
  EXPECT_EQ(add("a"), "");
  EXPECT_EQ(add("b", EntryKind::kSymlink, "a"), "");
  EXPECT_EQ(add("c/d"), "");
  EXPECT_EQ(add("e", EntryKind::kFolder), "");
  EXPECT_EQ(inventory_.files(), 3U);
}

TEST_F(InventoryTest, refuses_what_comes_twice) {
  (void)add("a");
  EXPECT_EQ(add("a"), "the archive has 'a' twice (duplicate entry)");
  (void)add("f", EntryKind::kFolder);
  EXPECT_EQ(add("f", EntryKind::kFolder), "the archive has the folder 'f' twice (duplicate entry)");
}

TEST_F(InventoryTest, takes_a_folder_after_what_is_in_it) {
  (void)add("f/a");
  EXPECT_EQ(add("f", EntryKind::kFolder), "");
}

TEST_F(InventoryTest, refuses_names_that_differ_in_case_alone) {
  (void)add("maps/a");
  EXPECT_EQ(add("maps/A"),
            "the archive's entries 'maps/a' and 'maps/A' differ only in case or Unicode form");
  EXPECT_THAT(add("Maps/b"), HasSubstr("'maps' and 'Maps' differ only in case"));
}

TEST_F(InventoryTest, refuses_a_name_that_is_both_folder_and_file) {
  (void)add("f/a");
  EXPECT_EQ(add("f"), "the archive has 'f' both as a folder and as something else");
  (void)add("b");
  EXPECT_EQ(add("b", EntryKind::kFolder),
            "the archive has 'b' both as a folder and as something else");
}

TEST_F(InventoryTest, refuses_entries_below_a_file) {
  (void)add("a");
  EXPECT_EQ(add("a/b"), "the archive has entries below 'a', which is no folder in it");
}

TEST_F(InventoryTest, refuses_entries_below_a_symlink) {
  limits_.allow_symlinks = {true};
  (void)add("s", EntryKind::kSymlink, "t");
  EXPECT_EQ(add("s/b"), "the archive has entries below 's', which is no folder in it");
}

TEST_F(InventoryTest, refuses_symlinks_unless_they_are_allowed) {
  limits_.allow_symlinks = {false, "archive.allowSymlinks"};
  EXPECT_EQ(add("s", EntryKind::kSymlink, "a"),
            "the archive has the symlink 's'; pack what it leads to, or set archive.allowSymlinks");
}

TEST_F(InventoryTest, takes_hard_links_to_files_that_came_before) {
  (void)add("a");
  EXPECT_EQ(add("b", EntryKind::kHardLink, "a"), "");
  EXPECT_EQ(add("c", EntryKind::kHardLink, "b"), "");
}

TEST_F(InventoryTest, refuses_hard_links_to_anything_else) {
  (void)add("f/a");
  for (const auto* link : {"b", "f", "F/a", "later"})
    EXPECT_THAT(add("b", EntryKind::kHardLink, link), HasSubstr("no file of the archive before it"))
        << link;
}

TEST_F(InventoryTest, takes_so_many_entries) {
  limits_.max_files = {2, "archive.maxFiles"};
  EXPECT_EQ(words_of(inventory_.count_entry()), "");
  EXPECT_EQ(words_of(inventory_.count_entry()), "");
  EXPECT_EQ(words_of(inventory_.count_entry()),
            "the archive has more entries than archive.maxFiles (2) allows");
}

TEST_F(InventoryTest, takes_so_many_folders_that_only_names_tell_of) {
  limits_.max_files = {2};
  EXPECT_EQ(add("a/b/c"), "");
  EXPECT_THAT(add("d/e"), HasSubstr("has more folders than 2 allows"));
}

TEST_F(InventoryTest, takes_names_of_so_many_bytes_with_those_of_folders) {
  limits_.max_name_bytes = 7;
  EXPECT_EQ(add("aa/bb"), "");
  EXPECT_THAT(add("c"), HasSubstr("has names of more than 7 B together"));
}

TEST_F(InventoryTest, takes_so_many_bytes) {
  limits_.max_bytes = {10, "archive.maxBytes"};
  EXPECT_EQ(words_of(inventory_.count_bytes(10)), "");
  EXPECT_EQ(words_of(inventory_.count_bytes(1)),
            "the archive unpacks to more than archive.maxBytes (10 B)");
}

TEST_F(InventoryTest, counts_no_further_than_numbers_go) {
  (void)inventory_.count_bytes(1);
  EXPECT_NE(words_of(inventory_.count_bytes(std::numeric_limits<std::uint64_t>::max())), "");
}

TEST_F(InventoryTest, believes_no_file_that_announces_too_much) {
  limits_.max_bytes = {10};
  (void)inventory_.count_bytes(4);
  EXPECT_EQ(words_of(inventory_.check_announced(6)), "");
  EXPECT_EQ(words_of(inventory_.check_announced(7)),
            "the archive announces more than 10 B unpacked");
}

TEST_F(InventoryTest, takes_a_ratio_for_a_bomb_beyond_8_mib) {
  limits_.max_ratio = {200};
  EXPECT_EQ(words_of(inventory_.count_bytes(kRatioFromBytes)), "");
  EXPECT_THAT(words_of(inventory_.count_bytes(1)),
              HasSubstr("more than 200 times its size: it looks like a zip bomb"));
}

TEST_F(InventoryTest, takes_all_of_a_large_archive) {
  limits_.max_ratio = {200};
  Inventory large(limits_, kRatioFromBytes);
  EXPECT_EQ(words_of(large.count_bytes(200 * kRatioFromBytes)), "");
  EXPECT_NE(words_of(large.count_bytes(200)), "");
}

TEST_F(InventoryTest, counts_what_is_decoded_but_for_a_header_of_each_entry) {
  limits_.max_bytes = {0};
  limits_.max_ratio = {std::numeric_limits<std::uint64_t>::max()};
  EXPECT_EQ(words_of(inventory_.count_decoded(2048 + kRatioFromBytes)), "");
  (void)inventory_.count_entry();
  EXPECT_EQ(words_of(inventory_.count_decoded(2048)), "");
  EXPECT_THAT(words_of(inventory_.count_decoded(1)), HasSubstr("unpacks to more than"));
}

TEST_F(InventoryTest, says_what_it_is_of) {
  Inventory folder(limits_, 1000, "folder");
  (void)folder.add({"a"});
  EXPECT_EQ(words_of(folder.add({"a"})), "the folder has 'a' twice (duplicate entry)");
}

}  // namespace
}  // namespace okg::content
