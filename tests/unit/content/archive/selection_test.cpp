#include "content/archive/selection.hpp"

#include <gtest/gtest.h>

namespace okg::content {
namespace {

TEST(Selection, compares_a_glob_without_a_slash_with_each_name) {
  EXPECT_TRUE(matches_glob("*.lua", "a/b/c.lua"));
  EXPECT_TRUE(matches_glob("docs", "docs/a.txt"));
  EXPECT_TRUE(matches_glob("docs/", "a/docs/b.txt"));
  EXPECT_FALSE(matches_glob("*.lua", "a.luac"));
  EXPECT_TRUE(matches_glob("?.lua", "a.lua"));
  EXPECT_FALSE(matches_glob("doc", "docs/a"));
}

TEST(Selection, takes_stars_that_stand_for_nothing_and_for_folders) {
  EXPECT_TRUE(matches_glob("**", "a/b"));
  EXPECT_TRUE(matches_glob("a/**", "a/b/c"));
  EXPECT_TRUE(matches_glob("**/c", "c"));
  EXPECT_TRUE(matches_glob("**/**/c", "a/b/c"));
  EXPECT_TRUE(matches_glob("a*b*/c", "ab/c"));
  EXPECT_TRUE(matches_glob("***/c", "a/b/c"));
  EXPECT_FALSE(matches_glob("a/*b", "a/c/b"));
  EXPECT_FALSE(matches_glob("a/?b", "a//b"));
  EXPECT_FALSE(matches_glob("", "a"));
}

TEST(Selection, takes_no_longer_for_a_glob_that_could_be_tried_in_many_ways) {
  std::string stars;
  for (int i = 0; i < 60; ++i) stars += "*a";
  EXPECT_FALSE(matches_glob(stars + "b", std::string(255, 'a')));
  std::string folders;
  for (int i = 0; i < 300'000; ++i) folders += "**/";
  EXPECT_TRUE(matches_glob(folders + "a", "a"));
}

TEST(Selection, compares_a_glob_with_a_slash_with_the_path_and_the_folders_above) {
  EXPECT_TRUE(matches_glob("maps/*.json", "maps/1.json"));
  EXPECT_FALSE(matches_glob("maps/*.json", "maps/deep/1.json"));
  EXPECT_FALSE(matches_glob("maps/*.json", "x/maps/1.json"));
  EXPECT_TRUE(matches_glob("maps/**/*.json", "maps/deep/er/1.json"));
  EXPECT_TRUE(matches_glob("maps/**/*.json", "maps/1.json"));
  EXPECT_TRUE(matches_glob("maps/deep", "maps/deep/1.json"));
}

TEST(Selection, strips_leading_folders) {
  EXPECT_EQ(selected_name({1, {}, {}}, "v2/a/b"), "a/b");
  EXPECT_EQ(selected_name({2, {}, {}}, "v2/a/b"), "b");
  EXPECT_FALSE(selected_name({1, {}, {}}, "v2"));
}

TEST(Selection, takes_what_is_included_and_not_excluded) {
  const Selection selection{0, {"*.json"}, {"test"}};
  EXPECT_TRUE(selected_name(selection, "a.json"));
  EXPECT_FALSE(selected_name(selection, "test/a.json"));
  EXPECT_FALSE(selected_name(selection, "a.txt"));
}

}  // namespace
}  // namespace okg::content
