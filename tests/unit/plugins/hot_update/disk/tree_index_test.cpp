#include "plugins/hot_update/disk/tree_index.hpp"

#include <gtest/gtest.h>

#include "limits/documented.hpp"

namespace okg::hot_update {
namespace {

TreeIndex two_files() {
  IndexEntry first;
  first.path = "a";
  IndexEntry second;
  second.path = "maps/desert 1";
  second.bytes = 12;
  return TreeIndex({second, first});
}

TEST(TreeIndex, is_read_as_it_was_written) {
  const auto index = TreeIndex::parse(two_files().to_text().value());
  ASSERT_TRUE(index);
  EXPECT_EQ(index->digest(), two_files().digest());
  EXPECT_EQ(index->find("maps/desert 1")->bytes, 12U);
}

TEST(TreeIndex, is_not_written_where_it_would_not_be_read) {
  const auto bytes = two_files().to_text()->size();
  EXPECT_TRUE(two_files().to_text(bytes));
  const auto refused = two_files().to_text(bytes - 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kTooLarge);
  EXPECT_EQ(TreeIndex::kMaxBytes, limits::documented("index of a folder's files"));
}

}  // namespace
}  // namespace okg::hot_update
