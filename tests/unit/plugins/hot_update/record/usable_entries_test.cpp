#include "plugins/hot_update/record/usable_entries.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okg::hot_update {
namespace {

results::Entry entry() {
  return {"v1", "http://h/a", Sha256{}, results::Scope::kWorkload,
          Timestamp(std::chrono::microseconds(5))};
}

/// Whether the entry of that path is taken, and nothing else changes by it.
bool is_taken(const std::string& path, const results::Entry& each,
              const LatestSettings& settings = {}, const ContentRules& rules = {}) {
  results::Wanted wanted;
  wanted.latest = {{path, each}, {"other", entry()}};
  const auto usable = usable_entries(wanted, settings, rules);
  EXPECT_TRUE(usable.latest.contains("other")) << "no entry spoils another";
  EXPECT_NE(usable.latest.contains(path), usable.ignored.contains(path));
  if (const auto why = usable.ignored.find(path); why != usable.ignored.end()) {
    EXPECT_NE(why->second.reason, Reason::kNone);
  }
  return usable.latest.contains(path);
}

TEST(UsableEntries, are_those_with_a_checksum) {
  EXPECT_TRUE(is_taken("maps/1.json", entry()));
  auto bare = entry();
  bare.sha256.reset();
  EXPECT_FALSE(is_taken("a", bare));
}

TEST(UsableEntries, are_held_to_the_same_in_what_the_pod_wrote_itself) {
  results::Wanted wanted;
  wanted.own = {{"../a", entry()}, {"b", entry()}};
  const auto usable = usable_entries(wanted, {}, {});
  EXPECT_EQ(usable.own.size(), 1U);
  EXPECT_TRUE(usable.own.contains("b"));
  EXPECT_TRUE(usable.ignored.contains("../a"));
}

TEST(UsableEntries, may_be_the_whole_directory_where_that_is_a_tree) {
  EXPECT_FALSE(is_taken(std::string(results::kWholeDirectory), entry()));
  auto tree = entry();
  tree.tree.emplace();
  EXPECT_TRUE(is_taken(std::string(results::kWholeDirectory), tree));
}

TEST(UsableEntries, may_lack_both_where_everybody_who_writes_is_trusted) {
  auto bare = entry();
  bare.sha256.reset();
  EXPECT_TRUE(is_taken("a", bare, {LatestTrust::kShared, false}));
}

TEST(UsableEntries, have_a_checksum_where_one_is_required_whoever_is_trusted) {
  auto bare = entry();
  bare.sha256.reset();
  EXPECT_FALSE(is_taken("a", bare, {LatestTrust::kShared, true}, {true}));
  bare.requested_at = {};
  EXPECT_FALSE(is_taken("a", bare, {LatestTrust::kShared, true}, {true}));
  EXPECT_TRUE(is_taken("a", entry(), {}, {true}));
}

TEST(UsableEntries, may_have_a_signature_instead_where_it_is_verified) {
  auto bare = entry();
  bare.sha256.reset();
  bare.signature = "RUT";
  ContentRules rules;
  EXPECT_FALSE(is_taken("a", bare, {}, rules));
  rules.signature.public_key_files.value = {"/key.pub"};
  EXPECT_TRUE(is_taken("a", bare, {}, rules));
  rules.require_sha256 = true;
  EXPECT_FALSE(is_taken("a", bare, {}, rules));
}

TEST(UsableEntries, are_of_the_original_sidecar_only_where_that_is_wanted) {
  auto original = entry();
  original.sha256.reset();
  original.requested_at = {};
  EXPECT_FALSE(is_taken("a", original, {LatestTrust::kShared, false}));
  EXPECT_TRUE(is_taken("a", original, {LatestTrust::kChecked, true}));
}

TEST(UsableEntries, have_a_path_in_the_shared_directory) {
  for (const auto* path : {"../a", "/etc/passwd", "a/../../b", "", "a//b"})
    EXPECT_FALSE(is_taken(path, entry())) << path;
  EXPECT_FALSE(is_taken(std::string(2000, 'a'), entry()));
}

TEST(UsableEntries, make_a_folder_as_it_could_be_asked_for) {
  const auto is_taken_with = [](const results::TreeOptions& options) {
    auto each = entry();
    each.tree.emplace().options = options;
    return is_taken("maps", each);
  };
  EXPECT_TRUE(is_taken_with({.strip_components = 1, .include = {"*.lua"}, .exclude = {"**/x"}}));
  EXPECT_FALSE(is_taken_with({.strip_components = 101}));
  EXPECT_FALSE(is_taken_with({.include = {std::string(257, '*')}}));
  EXPECT_FALSE(is_taken_with({.exclude = {"/etc/**"}}));
  EXPECT_FALSE(is_taken_with({.exclude = std::vector<std::string>(65, "a")}));
  EXPECT_FALSE(is_taken_with({.name_encoding = "UTF-16"}));
}

TEST(UsableEntries, have_a_version_and_a_url_that_could_be_asked_for) {
  auto bad = entry();
  bad.version = "v1\nx";
  EXPECT_FALSE(is_taken("a", bad));
  for (const auto* url : {"file:///etc/shadow", "gopher://h/a", "http://", "http://h/a b"}) {
    bad = entry();
    bad.url = url;
    EXPECT_FALSE(is_taken("a", bad)) << url;
  }
}

TEST(UsableEntries, have_an_until_and_a_signature_that_could_be_sent) {
  auto each = entry();
  each.until = "registry/game:v3";
  each.signature = std::string(4096, 'x');
  EXPECT_TRUE(is_taken("a", each));
  each.signature += 'x';
  EXPECT_FALSE(is_taken("a", each));
  for (const auto& until : {std::string(1'000'000, 'x'), std::string("a\nb"), std::string("?")}) {
    auto other = entry();
    other.until = until;
    EXPECT_FALSE(is_taken("a", other));
  }
}

}  // namespace
}  // namespace okg::hot_update
