#include "results/tree_json.hpp"

#include <gtest/gtest.h>

#include <climits>
#include <nlohmann/json.hpp>

namespace okg::results {
namespace {

using Json = nlohmann::ordered_json;

TreeEntry whole() {
  TreeEntry tree;
  tree.options = {TreeFormat::kManifest, TreeMode::kOverlay, 2, {"a", "b/**"}, {"c"}, "gbk"};
  tree.files = 7;
  tree.bytes = 9;
  tree.digest = sha256_of("x");
  return tree;
}

TEST(TreeJson, is_read_back_as_it_was_written) {
  for (const auto& tree : {whole(), TreeEntry()})
    EXPECT_EQ(tree_from_json(to_json(tree)).value(), tree);
}

TEST(TreeJson, leaves_out_what_was_not_given) {
  EXPECT_EQ(to_json(TreeEntry()).dump(),
            R"({"format":"archive","mode":"mirror","files":0,"bytes":0})");
}

TEST(TreeJson, takes_members_of_other_types_for_nothing) {
  const auto tree = tree_from_json(Json::parse(
      R"({"format":"archive","mode":"mirror","files":-1,"bytes":"9","include":"a","exclude":[1,"c"],)"
      R"("stripComponents":1.5,"nameEncoding":3,"digest":4})"));
  ASSERT_TRUE(tree);
  auto expected = TreeEntry();
  expected.options.exclude = {"c"};
  EXPECT_EQ(*tree, expected);
}

TEST(TreeJson, is_none_of_a_newer_release_nor_of_no_object) {
  for (const auto* text : {"[]", "null", "{}", R"({"format":"torrent","mode":"mirror"})",
                           R"({"format":"archive","mode":"merge"})"})
    EXPECT_EQ(tree_from_json(Json::parse(text)).error().code, ErrorCode::kInvalid) << text;
}

TEST(TreeJson, refuses_a_digest_that_is_none) {
  auto json = to_json(whole());
  json["digest"] = "abc";
  EXPECT_TRUE(tree_from_json(json).error().message.starts_with("tree digest: "));
}

TEST(TreeJson, takes_a_number_that_is_too_large_for_the_largest) {
  auto json = to_json(whole());
  json["stripComponents"] = UINT64_MAX;
  EXPECT_EQ(tree_from_json(json)->options.strip_components, UINT_MAX);
}

}  // namespace
}  // namespace okg::results
