#include <gtest/gtest.h>

#include "api/tree_fields.hpp"
#include "content/archive/inventory.hpp"
#include "content/archive/name.hpp"
#include "limits/documented.hpp"

namespace okg::limits {
namespace {

using content::Inventory;

TEST(Archives, have_names_as_long_as_documented) {
  const auto most = documented("name in the archive");
  EXPECT_TRUE(content::clean_name("a/" + std::string(most, 'a')));
  const auto refused = content::clean_name("a/" + std::string(most + 1, 'a'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kUnsafeArchive);
}

TEST(Archives, have_paths_and_targets_as_long_as_documented) {
  std::string path;
  while (path.size() < documented("path in the archive; target of a symlink")) path += "a/";
  path.back() = 'a';
  EXPECT_TRUE(content::clean_name(path));
  EXPECT_EQ(content::clean_name(path + 'a').error().reason, Reason::kUnsafeArchive);
  EXPECT_TRUE(content::check_link_target("link", path));
  EXPECT_EQ(content::check_link_target("link", path + 'a').error().reason, Reason::kUnsafeArchive);
}

TEST(Archives, hold_as_many_bytes_for_each_packed_one_as_they_may) {
  content::ArchiveLimits limits;
  limits.max_ratio.value = 2;
  const auto unpack = [&](std::uint64_t packed, std::uint64_t bytes) {
    return Inventory(limits, packed, "archive").count_bytes(bytes);
  };
  const auto packed = content::kRatioFromBytes;
  EXPECT_TRUE(unpack(packed, 2 * packed + 1)) << "less than one more for each";
  EXPECT_TRUE(unpack(1, content::kRatioFromBytes));
  EXPECT_EQ(unpack(1, content::kRatioFromBytes + 1).error().reason, Reason::kUnsafeArchive);
  EXPECT_EQ(unpack(packed, 2 * (packed + 1)).error().reason, Reason::kUnsafeArchive);
  EXPECT_EQ(content::kRatioFromBytes >> 20U, 8U) << "as the row says";
}

TEST(Archives, hold_as_many_entries_as_they_may) {
  content::ArchiveLimits limits;
  limits.max_files.value = 2;
  Inventory inventory(limits, 1, "archive");
  EXPECT_TRUE(inventory.count_entry());
  EXPECT_TRUE(inventory.count_entry());
  EXPECT_EQ(inventory.count_entry().error().reason, Reason::kTooLarge);
}

content::Entry file(const std::string& path) {
  return {path, content::EntryKind::kFile, false, {}};
}

TEST(Archives, have_names_that_are_as_long_together_as_documented) {
  content::ArchiveLimits limits;
  EXPECT_EQ(limits.max_name_bytes,
            documented("names of all entries and of the folders above them, together"));
  limits.max_name_bytes = 10;
  Inventory inventory(limits, 1, "archive");
  EXPECT_TRUE(inventory.add(file("d/1")));
  EXPECT_TRUE(inventory.add(file("d/2"))) << "the folder counts once";
  EXPECT_TRUE(inventory.add(file("abc")));
  EXPECT_EQ(inventory.add(file("4")).error().reason, Reason::kTooLarge);
}

TEST(Archives, tell_of_as_many_folders_by_names_as_documented) {
  content::ArchiveLimits limits;
  EXPECT_EQ(limits.max_files.value, documented("folders that names alone tell of"));
  limits.max_files = {2};
  Inventory inventory(limits, 1, "archive");
  EXPECT_TRUE(inventory.add(file("a/b/1")));
  EXPECT_TRUE(inventory.add(file("a/b/2")));
  EXPECT_EQ(inventory.add(file("a/c/3")).error().reason, Reason::kTooLarge);
}

/// What is wrong with the field of an update of a folder; empty: nothing.
std::string refusal(const std::string& field, const std::string& value) {
  const auto tree = api::parse_tree({{"format", "archive"}, {field, value}});
  if (tree) return "";
  EXPECT_EQ(tree.error().reason, Reason::kInvalidField);
  return tree.error().message;
}

std::string globs(std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += "a,";
  return all;
}

TEST(Archives, are_selected_from_by_as_many_globs_as_documented) {
  const auto most = documented("globs of include; of exclude");
  for (const auto* field : {"include", "exclude"}) {
    EXPECT_EQ(refusal(field, globs(most)), "");
    EXPECT_NE(refusal(field, globs(most + 1)).find("more than 64"), std::string::npos);
    const auto longest = documented("one glob");
    EXPECT_EQ(refusal(field, std::string(longest, 'a')), "");
    EXPECT_NE(refusal(field, std::string(longest + 1, 'a')), "");
  }
}

TEST(Archives, lose_as_many_folders_of_their_names_as_documented) {
  const auto most = documented("stripComponents");
  EXPECT_EQ(refusal("stripComponents", std::to_string(most)), "");
  EXPECT_NE(refusal("stripComponents", std::to_string(most + 1)), "");
}

}  // namespace
}  // namespace okg::limits
