#include "results/tree_entry.hpp"

#include <gtest/gtest.h>

namespace okg::results {
namespace {

TEST(TreeWords, are_read_back_as_they_were_written) {
  for (const auto format : {TreeFormat::kArchive, TreeFormat::kManifest})
    EXPECT_EQ(parse_tree_format(to_string(format)), format);
  for (const auto mode : {TreeMode::kMirror, TreeMode::kOverlay})
    EXPECT_EQ(parse_tree_mode(to_string(mode)), mode);
}

TEST(TreeWords, are_no_others) {
  for (const auto* word : {"", "file", "Archive"}) EXPECT_FALSE(parse_tree_format(word)) << word;
  for (const auto* word : {"", "merge", "Mirror"}) EXPECT_FALSE(parse_tree_mode(word)) << word;
}

}  // namespace
}  // namespace okg::results
